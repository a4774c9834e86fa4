"""
Run everything that the system needs beside its database, and end all of it together.

`python -m onelicense.supervisor [--web PORT] [--departments PORT] [--witness PORT]
[--serve] [--then COMMAND …]` starts broker, worker, beat, sequencer and (with --web)
the web server, runs COMMAND in the foreground when all are ready, and returns its exit
code. With --departments the departments are a service of their own, asked over HTTP;
with --witness the log's witness is one, instead of a folder. With --serve it goes on
until Ctrl-C. What dies meanwhile is started again; what is told to end finishes what
it is doing.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from onelicense import environment as env
from onelicense.processes import ProcessDied
from onelicense.stack import Stack, free_port, port_is_free

LOOK_S = 0.2
RESTART_PAUSE_S = 2.0


def main() -> int:
    """Do what the command line says; return what COMMAND returned."""
    options = _options()
    signal.signal(signal.SIGTERM, _end)
    try:
        with _alone(), Stack(folder=env.VAR, environment=os.environ) as stack:
            stack.start(
                web_port=_port(options.web),
                departments_port=_port(options.departments),
                witness_port=_port(options.witness),
            )
            return _run(stack, options)
    except ProcessDied as problem:
        _say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="onelicense.supervisor")
    parser.add_argument("--web", type=int, metavar="PORT", help="0: any free port")
    parser.add_argument("--departments", type=int, metavar="PORT", help="over HTTP")
    parser.add_argument("--witness", type=int, metavar="PORT", help="of the log")
    parser.add_argument("--serve", action="store_true", help="go on until Ctrl-C")
    parser.add_argument("--then", nargs=argparse.REMAINDER, default=[])
    return parser.parse_args()


def _run(stack: Stack, options: argparse.Namespace) -> int:
    code = 0
    if options.then:
        code = _foreground(stack, options.then)
    if options.serve or not options.then:
        _serve(stack)
    return code


def _foreground(stack: Stack, command: list[str]) -> int:
    """Run a command in our own process group: Ctrl-C reaches it too."""
    process = subprocess.Popen(command, cwd=env.BASE_DIR, env=stack.environment)
    try:
        while process.poll() is None:
            _look_after(stack)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    return process.returncode


def _serve(stack: Stack) -> None:
    if stack.url:
        _say(f"{stack.url}  (Ctrl-C ends)")
    try:
        while True:
            _look_after(stack)
    except KeyboardInterrupt:
        _say("stopping")


def _look_after(stack: Stack) -> None:
    """Start again what died, not faster than every other second."""
    time.sleep(LOOK_S)
    names = stack.restart_dead()
    if names:
        _say(f"{', '.join(names)} ended by itself; started again")
        time.sleep(RESTART_PAUSE_S)


def _port(wanted: int | None) -> int | None:
    """Return the wanted port, or a free one if somebody else has it."""
    if wanted is None or (wanted and port_is_free(wanted)):
        return wanted
    port = free_port()
    if wanted:
        _say(f"port {wanted} is in use; taking {port}")
    return port


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of this folder; a second supervisor would fight over its data."""
    env.VAR.mkdir(exist_ok=True)
    with (env.VAR / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("onelicense: already running in this folder; end that one first")
        yield


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """Treat a polite end like Ctrl-C, once, so that nothing is left behind."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(f"onelicense: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
