"""One librados connection that stays, with a log of its own. usage: session-client.py CONF LOG [NAME=VALUE ...]

When it is connected, and then for each line on stdin (a command in JSON), it writes a line of JSON on stdout: code and
output of the command, and the id that the connection has. The end of stdin ends it.
"""
import json
import os
import sys

import rados

conf, log, *options = sys.argv[1:]
settings = dict(option.split('=', 1) for option in options)
handle = rados.Rados(conffile=conf, conf={'log_file': log, 'debug_ms': '1', 'debug_monc': '10', **settings})
handle.connect(timeout=60)


def answer(code, out):
    print(json.dumps({'code': code, 'out': out, 'id': str(handle.get_instance_id())}), flush=True)


answer(0, '')
for line in sys.stdin:
    code, out, text = handle.mon_command(line, b'')
    answer(code, out.decode() or text)
os._exit(0)
