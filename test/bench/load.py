#!/usr/bin/python3
"""Loads a quorum through librados. usage: load.py CONF KIND SECONDS CLIENTS; prints one line of JSON.

KIND is write (config-key set), pool (osd pool create) or read (mon stat). Each client is a connection of its own
with one request under way at a time.
"""
import json
import sys
import threading
import time

import rados

conf, kind, seconds, clients = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])


def command(client: int, i: int) -> dict:
    if kind == 'write':
        return {'prefix': 'config-key set', 'key': f'bench/{client}', 'val': f'v{i}'}
    if kind == 'pool':
        return {'prefix': 'osd pool create', 'pool': f'bench-{client}-{i}', 'pg_num': 1, 'pgp_num': 1}
    return {'prefix': 'mon stat', 'format': 'json'}


handles = [rados.Rados(conffile=conf) for _ in range(clients)]
for handle in handles:
    handle.connect()
latencies = []
failures = []
lock = threading.Lock()
end = time.monotonic() + seconds


def work(client: int) -> None:
    own = []
    i = 0
    while time.monotonic() < end:
        began = time.monotonic()
        code, _, text = handles[client].mon_command(json.dumps(command(client, i)), b'')
        own.append(time.monotonic() - began)
        if code != 0:
            failures.append(text)
        i += 1
    with lock:
        latencies.extend(own)


began = time.monotonic()
threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
took = time.monotonic() - began
latencies.sort()
count = len(latencies)
print(json.dumps({
    'perSecond': count / took,
    'p50Ms': latencies[count // 2] * 1e3,
    'p99Ms': latencies[int(count * 0.99)] * 1e3,
    'failures': len(failures),
    'failure': failures[0] if failures else '',
}))
for handle in handles:
    handle.shutdown()
