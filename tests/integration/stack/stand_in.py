"""A stack whose processes are stand-ins: the real supervisor and engines around commands that do almost nothing.

`stand_in.py up DATA PORT` runs the stack; `stand_in.py ledger web …` is one of its processes. A file named
`DATA/dies-<process>` makes that process end as soon as it is started.
"""

import http.server
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from ledger.cli import embedded
from ledger.stack.child import die_with_parent
from ledger.stack.notice import notify_ready
from ledger.stack.report import Report
from ledger.stack.restart import RestartLimit


def stand_in_argv(command: str) -> list[str]:
    return [sys.executable, __file__, *command.split()]


def up(data: str, port: str) -> int:
    plan = embedded.Plan(
        env=dict(os.environ),
        data=Path(data),
        host="127.0.0.1",
        port=int(port),
        limit=RestartLimit(deaths=5, within_seconds=60),
        argv_of=stand_in_argv,
    )
    return embedded.run(plan, Report())


def process(name: str, *arguments: str) -> None:
    if (Path(os.environ["LEDGER_DATA"]) / f"dies-{name}").exists():
        print(f"the stand-in {name} does not want to live", flush=True)
        sys.exit(3)
    if name == "prepare":
        print(json.dumps({"part": "schema", "text": "at 0001", "seconds": 0.1}))
        print(json.dumps({"link": {"name": "Jo", "role": "lead", "url": "http://127.0.0.1/once"}}))
    elif name in ("web", "live"):
        serve(int(arguments[1]))
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        notify_ready(os.environ)
        while True:
            time.sleep(60)


def serve(descriptor: int) -> None:
    """Serve by a process of one's own, as gunicorn does: a grandchild of the supervisor."""
    parent = os.getpid()
    worker = os.fork()
    if worker:
        signal.signal(signal.SIGTERM, lambda *_: os.kill(worker, signal.SIGTERM))
        os.waitpid(worker, 0)
        return
    die_with_parent(parent=parent)
    server = http.server.HTTPServer(("", 0), http.server.BaseHTTPRequestHandler, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=descriptor)
    server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "up":
        sys.exit(up(*sys.argv[2:]))
    process(*sys.argv[2:])
