#!/usr/bin/python3
"""Runs the commands of a transcript against a running cluster and writes down what it answers.

    test/capture/command-transcript.py ceph.conf test/fixture/service/kv.json

A transcript is {"origin", "steps": [{"cmd", "input"?, "code", "text", "data"}]}: each command is sent as it stands,
without the checks that the `ceph` program makes first, in order, to a cluster that was just made. The transcripts in
the repository were answered by ceph-mon 16.2.15 (Debian 16.2.15+ds).
"""
import json
import sys

import rados


def main() -> None:
    conf, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as file:
        transcript = json.load(file)
    cluster = rados.Rados(conffile=conf)
    cluster.connect(timeout=10)
    transcript["fsid"] = cluster.get_fsid()
    for step in transcript["steps"]:
        code, data, text = cluster.mon_command(json.dumps(step["cmd"]), step.get("input", "").encode())
        step["code"], step["text"], step["data"] = code, text, data.decode("utf-8", "surrogateescape")
    cluster.shutdown()
    steps = ",\n".join(json.dumps(step) for step in transcript.pop("steps"))
    head = json.dumps(transcript)[:-1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'{head}, "steps": [\n{steps}\n]}}\n')


main()
