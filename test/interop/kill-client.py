"""Loads a quorum through librados while its monitors are killed. usage: kill-client.py CONF HISTORY SEED

Every request and its answer is a line of JSON in the file HISTORY: what was done, when it was sent and answered
(CLOCK_MONOTONIC, seconds), with what result. A request has no deadline: librados takes it to another monitor until
it is answered. A line on stdin, or its end, stops the load; then every request under way must still be answered. The
last line on stdout is {"hanging": [what was never answered]}.
"""
import json
import os
import random
import sys
import threading
import time

import rados

conf, path, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])

WRITERS = 3
SHARING = 2
READERS = 3
# A request that is older than this when the load has stopped, and all monitors run, is lost.
HANGING_S = 120

history = open(path, 'w', buffering=1)
lock = threading.Lock()
stopping = threading.Event()
under_way = {}


def record(line):
    with lock:
        history.write(json.dumps(line) + '\n')


def command(handle, words):
    began = time.monotonic()
    under_way[threading.get_ident()] = words
    code, out, text = handle.mon_command(json.dumps(words), b'')
    del under_way[threading.get_ident()]
    return code, out.decode(), text, began, time.monotonic()


def connected():
    handle = rados.Rados(conffile=conf)
    handle.connect(timeout=120)
    return handle


def set_words(key, value):
    kind, name = key.split(':')
    if kind == 'config-key':
        return {'prefix': 'config-key set', 'key': name, 'val': value}
    return {'prefix': 'config set', 'who': name, 'name': 'rgw_dns_name', 'value': value}


def get_words(key):
    kind, name = key.split(':')
    if kind == 'config-key':
        return {'prefix': 'config-key get', 'key': name}
    return {'prefix': 'config get', 'who': name, 'key': 'rgw_dns_name'}


OWN = [f'config-key:kill/own{i}' for i in range(WRITERS)]
SHARED = 'config-key:kill/shared'
OPTION = 'config:client.kill'
KEYS = [*OWN, SHARED, OPTION]
ENOENT = -2


def write(name, key, pause):
    handle = connected()
    i = 0
    while not stopping.is_set():
        value = f'{name}.{i}'
        code, _, text, began, ended = command(handle, set_words(key, value))
        record({'op': 'write', 'key': key, 'value': value, 'from': began, 'to': ended, 'code': code, 'text': text})
        i += 1
        time.sleep(pause)


def read(name, pause):
    chance = random.Random(f'{seed}{name}')
    handle = connected()
    while not stopping.is_set():
        key = chance.choice(KEYS)
        code, out, text, began, ended = command(handle, get_words(key))
        # An option that nobody has set reads as its default, which is empty.
        value = None if code == ENOENT or out.strip() == '' else out.strip()
        record({'op': 'read', 'key': key, 'value': value, 'from': began, 'to': ended,
                'code': 0 if code == ENOENT else code, 'text': text})
        time.sleep(pause)


def make(name, words, pause):
    """Things that must be there for ever once they were made."""
    handle = connected()
    i = 0
    while not stopping.is_set():
        code, out, text, began, ended = command(handle, words(i))
        record({'op': 'make', 'kind': name, 'name': str(i), 'result': out, 'from': began, 'to': ended,
                'code': code, 'text': text})
        i += 1
        time.sleep(pause)


def login():
    """A connection after the other; none may get the id that another had."""
    while not stopping.is_set():
        began = time.monotonic()
        handle = connected()
        record({'op': 'login', 'id': str(handle.get_instance_id()), 'from': began, 'to': time.monotonic()})
        handle.shutdown()
        time.sleep(0.5)


def pool(i):
    return {'prefix': 'osd pool create', 'pool': f'kill{i}', 'pg_num': 1, 'pgp_num': 1}


def entity(i):
    return {'prefix': 'auth get-or-create', 'entity': f'client.kill{i}', 'caps': ['mon', 'allow r']}


def osd(_):
    return {'prefix': 'osd create', 'format': 'json'}


works = [
    *[(write, f'own{i}', OWN[i], 0.01) for i in range(WRITERS)],
    *[(write, f'shared{i}', SHARED, 0.02) for i in range(SHARING)],
    (write, 'option', OPTION, 0.1),
    *[(read, f'reader{i}', 0.02) for i in range(READERS)],
    (make, 'pool', pool, 1),
    (make, 'entity', entity, 0.5),
    (make, 'osd', osd, 2),
    (login,),
]
failures = []


def run(work, *args):
    try:
        work(*args)
    except Exception as error:
        failures.append(f'{work.__name__} {args[:1]}: {error!r}')


threads = [threading.Thread(target=run, args=work, daemon=True) for work in works]
for thread in threads:
    thread.start()
sys.stdin.readline()
stopping.set()
end = time.monotonic() + HANGING_S
for thread in threads:
    thread.join(max(0, end - time.monotonic()))
hanging = [under_way.get(thread.ident, 'a login') for thread in threads if thread.is_alive()]
print(json.dumps({'hanging': hanging, 'failures': failures}), flush=True)
# What librados would still say to the monitors is of no interest.
os._exit(0)
