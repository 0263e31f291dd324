"""Writes and reads objects of a pool through librados. usage: io-client.py CONF POOL [NAME=VALUE ...]

One client stays for the whole time, and has NAME=VALUE as options; every second another comes, writes and reads, and
goes. The end of stdin ends them. Then stdout has a line of JSON: how often each did what it came for, how long the
slowest took, what failed, and what was not done in time.
"""
import json
import os
import sys
import threading
import time

import rados

conf, pool, *options = sys.argv[1:]
PAUSE_S = {'staying': 0.2, 'passing': 1}
# What takes longer will not be done.
OVERDUE_S = 60

done = {'staying': 0, 'passing': 0}
slowest = {'staying': 0.0, 'passing': 0.0}
failures = []
stopping = threading.Event()


def connected(settings):
    handle = rados.Rados(conffile=conf, conf=settings)
    handle.connect(timeout=OVERDUE_S)
    return handle, handle.open_ioctx(pool)


def exchange(ioctx, who, value):
    name = f'{who}.{os.getpid()}'
    ioctx.write_full(name, value)
    found = ioctx.read(name)
    if found != value:
        raise ValueError(f'{name} is {found!r}, not {value!r}')


def stay():
    _, ioctx = connected(dict(option.split('=', 1) for option in options))
    while True:
        yield lambda: exchange(ioctx, 'staying', str(done['staying']).encode())


def come_and_go():
    handle, ioctx = connected({})
    exchange(ioctx, 'passing', str(done['passing']).encode())
    ioctx.close()
    handle.shutdown()


def passing():
    while True:
        yield come_and_go


def run(name, works):
    try:
        for work in works:
            began = time.monotonic()
            work()
            slowest[name] = max(slowest[name], time.monotonic() - began)
            done[name] += 1
            if stopping.wait(PAUSE_S[name]):
                return
    except Exception as error:
        failures.append(f'{name} after {done[name]}: {error!r}')


threads = [threading.Thread(target=run, args=args, daemon=True) for args in (('staying', stay()), ('passing', passing()))]
for thread in threads:
    thread.start()
sys.stdin.readline()
stopping.set()
end = time.monotonic() + OVERDUE_S
for thread in threads:
    thread.join(max(0, end - time.monotonic()))
overdue = sum(thread.is_alive() for thread in threads)
print(json.dumps({'done': done, 'slowest': slowest, 'failures': failures, 'overdue': overdue}), flush=True)
os._exit(0)
