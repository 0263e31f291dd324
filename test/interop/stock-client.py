"""Runs the installed `ceph` program, command after command, in one process that stays connected.

A request is a line of JSON on stdin: {"options": [...], "args": [...], "socket": path or null}; the options choose
the cluster, and the admin socket the monitor that must be spoken to: a client takes any, so it connects until the
monitor has its session. The answer is a line with code, stdout and stderr, as a shell
would have had them. Starting the program and connecting for each command costs a second; this costs milliseconds.
"""
import functools
import importlib.machinery
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import traceback

path = shutil.which('ceph')
loader = importlib.machinery.SourceFileLoader('ceph_program', path)
spec = importlib.util.spec_from_loader('ceph_program', loader)
program = importlib.util.module_from_spec(spec)
loader.exec_module(program)

handles = {}
key = ()
Rados = program.rados.Rados


class StayingRados(Rados):
    def connect(self, *args, **kwargs):
        if self.state != 'connected':
            Rados.connect(self, *args, **kwargs)

    def is_at(self, socket):
        sessions = json.loads(program.admin_socket(socket, ['sessions'], 'json'))
        return any(session['global_id'] == self.get_instance_id() for session in sessions)

    # Its options are settled once it is connected; librados would refuse them.
    def conf_parse_argv(self, args):
        return args if self.state == 'connected' else Rados.conf_parse_argv(self, args)


def handle(*args, **kwargs):
    standing = handles.get(key)
    if standing is not None and key[-1] is not None and not standing.is_at(key[-1]):
        handles.pop(key).shutdown()
    while key not in handles:
        candidate = StayingRados(*args, **kwargs)
        socket = key[-1]
        if socket is not None:
            candidate.connect(timeout=10)
            if not candidate.is_at(socket):
                candidate.shutdown()
                continue
        handles[key] = candidate
    return handles[key]


program.rados.Rados = handle

# The program asks for the table of commands before each command, and takes it apart: most of its time.
descriptions = {}
ask = program.json_command


def ask_once(cluster, target=('mon', ''), prefix=None, **kwargs):
    if prefix != 'get_command_descriptions' or target != ('mon', ''):
        return ask(cluster, target=target, prefix=prefix, **kwargs)
    if key not in descriptions:
        descriptions[key] = ask(cluster, target=target, prefix=prefix, **kwargs)
    return descriptions[key]


program.json_command = ask_once
program.parse_json_funcsigs = functools.lru_cache(program.parse_json_funcsigs)
answers = os.fdopen(os.dup(1), 'w')


def run():
    try:
        return program.main()
    except SystemExit as end:
        return end.code
    except BaseException:
        traceback.print_exc()
        return 1


for line in sys.stdin:
    request = json.loads(line)
    key = (*request['options'], request['socket'])
    sys.argv = ['ceph', *request['options'], *request['args']]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        code = run()
        sys.stdout.flush()
        sys.stderr.flush()
        out.seek(0)
        err.seek(0)
        answer = {'code': code or 0, 'stdout': out.read().decode('utf-8', 'replace'),
                  'stderr': err.read().decode('utf-8', 'replace')}
    print(json.dumps(answer), file=answers, flush=True)
os._exit(0)
