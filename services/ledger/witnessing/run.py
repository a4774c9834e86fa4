"""Run a witness until it is told to stop."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from services.ledger.keys import make_key, read_key
from services.ledger.note import (
    COSIGNATURE,
    ED25519,
    NAME,
    Ed25519Signer,
    NoteRefused,
    VerifierKey,
    parse_key,
)
from services.ledger.witnessing.cosigner import Cosigner
from services.ledger.witnessing.memory import Memory
from services.ledger.witnessing.server import Server

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Post:
    """Where a witness stands: its folder, its name, and the logs that it knows."""

    folder: Path
    name: str
    logs: Sequence[VerifierKey]

    def cosigner(self) -> Cosigner:
        """
        Return the witness; its key is made when it starts for the first time.

        :raises OSError: or ValueError, if folder, name or a log's key is no good.
        """
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} may hold neither spaces nor plus signs")
        for key in self.logs:
            if key.kind != ED25519:
                raise ValueError(f"{key} is no key of a log (type 0x01)")
        make_key(self.folder / "key.pem")
        private = read_key(self.folder / "key.pem")
        signer = Ed25519Signer(self.name, private, COSIGNATURE)
        (self.folder / "key.pub").write_text(f"{signer.key}\n", encoding="utf-8")
        known = {
            origin: [key for key in self.logs if key.name == origin]
            for origin in {key.name for key in self.logs}
        }
        memory = Memory(self.folder / "cosigned.sqlite3")
        return Cosigner(signer, known, memory, clock=time.time)


def add_arguments(parser: ArgumentParser) -> None:
    """Say what a witness can be told."""
    parser.add_argument("--folder", type=Path, required=True, help="key and memory")
    parser.add_argument("--name", default="onelicense.example/witness")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--log", action="append", default=[], metavar="KEY", help="NAME+ID+KEY of a log"
    )


def serve(post: Post, address: tuple[str, int], *, say: Callable[[str], None]) -> None:
    """
    Serve until SIGTERM or Ctrl-C; say where, and the key that others have to know.

    :raises OSError: or ValueError, if it cannot begin.
    """
    cosigner = post.cosigner()
    server = Server(address, cosigner)
    stop = Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    Thread(target=server.serve_forever, daemon=True).start()
    say(f"witness: http://{address[0]}:{server.server_port} {cosigner.signer.key}")
    stop.wait()
    server.shutdown()


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says."""
    parser = ArgumentParser(prog="python -m services.ledger.witnessing")
    add_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        post = Post(options.folder, options.name, [parse_key(k) for k in options.log])
        serve(
            post,
            (options.host, options.port),
            say=lambda line: print(line, flush=True),  # noqa: T201  a program for people
        )
    except (OSError, NoteRefused, ValueError) as wrong:
        parser.exit(1, f"the witness cannot serve: {wrong}\n")
    return 0
