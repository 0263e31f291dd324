"""Runs a command in a terminal of its own and closes the terminal. usage: terminal.py LEADER UNTIL COMMAND...

LEADER is what the terminal runs: `shell`, which passes SIGHUP on to its jobs and ends, or `deaf`, which keeps it to
itself and waits, as make does. The terminal is closed when UNTIL has been printed. The last line on stdout is the
command's process id.
"""
import os
import pty
import signal
import sys

leader, until, command = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, master = pty.fork()
if pid == 0:
    job = os.fork()
    if job == 0:
        os.execvp(command[0], command)
    print(f'job {job}.', flush=True)
    signal.signal(signal.SIGHUP, signal.SIG_IGN if leader == 'deaf' else lambda *_: (os.kill(job, signal.SIGHUP), os._exit(0)))
    os.waitpid(job, 0)
    os._exit(0)
seen = ''
while until not in seen:
    seen += os.read(master, 4096).decode()
os.close(master)
print(seen.split('job ')[1].split('.')[0])
