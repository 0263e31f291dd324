"""Many librados connections that ask at the same moment. usage: race-client.py CONF COUNT SOCKET ...

Connects COUNT times to each monitor whose admin socket is named: a client takes any monitor, so each connects until it
has the one that it is for. Each line on stdin is a list of commands, in JSON; they are dealt out to the connections in
turn and asked at once. The answer is a line with a list of monitor's number, command's number, code, output and text.
"""
import json
import os
import sys
import threading

import rados
from ceph_daemon import admin_socket

conf, count, *sockets = sys.argv[1:]


def connected(socket):
    while True:
        handle = rados.Rados(conffile=conf)
        handle.connect(timeout=60)
        sessions = json.loads(admin_socket(socket, ['sessions'], 'json'))
        if any(session['global_id'] == handle.get_instance_id() for session in sessions):
            return handle
        handle.shutdown()


handles = [(mon, connected(socket)) for _ in range(int(count)) for mon, socket in enumerate(sockets)]
print(json.dumps(len(handles)), flush=True)

for line in sys.stdin:
    commands = json.loads(line)
    start = threading.Barrier(len(handles))
    answers = [None] * len(handles)

    def ask(i, mon, handle):
        # Connections of one monitor ask different things.
        which = (i // len(sockets)) % len(commands)
        start.wait()
        code, out, text = handle.mon_command(json.dumps(commands[which]), b'')
        answers[i] = {'mon': mon, 'command': which, 'code': code, 'out': out.decode(), 'text': text}

    threads = [threading.Thread(target=ask, args=(i, *handle)) for i, handle in enumerate(handles)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(answers), flush=True)
os._exit(0)
