"""A witness's HTTP server: small requests, a thread for each connection."""

from __future__ import annotations

import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from services.ledger.note import NUMBER
from services.ledger.witnessing.cosigner import Cosigner, Reply

ADD_CHECKPOINT = "/add-checkpoint"
CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint")
LARGEST_REQUEST = 64 * 1024  # a proof of 63 hashes and a note with many signatures
IDLE_SECONDS = 60


class Server(ThreadingHTTPServer):
    """One witness behind one port."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], cosigner: Cosigner) -> None:
        super().__init__(address, Handler)
        self.cosigner = cosigner


class Handler(BaseHTTPRequestHandler):
    """One connection, which may bring many requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def do_GET(self) -> None:
        """Serve the newest checkpoint of a log; at the root, who this is."""
        found = CHECKPOINT.fullmatch(self.path)
        if found:
            self._send(self.server.cosigner.checkpoint(found[1]))
        elif self.path == "/":
            self._send(Reply(HTTPStatus.OK, f"{self.server.cosigner.signer.key}\n"))
        else:
            self._send(Reply(HTTPStatus.NOT_FOUND, "there is nothing here\n"))

    def do_POST(self) -> None:
        """Take a checkpoint."""
        length = self.headers.get("Content-Length", "")
        if not NUMBER.fullmatch(length) or int(length) > LARGEST_REQUEST:
            self.close_connection = True
            why = f"send at most {LARGEST_REQUEST} bytes and say how many\n"
            self._send(Reply(HTTPStatus.BAD_REQUEST, why))
            return
        body = self.rfile.read(int(length))
        if self.path != ADD_CHECKPOINT:
            self._send(Reply(HTTPStatus.NOT_FOUND, "there is nothing here\n"))
            return
        self._send(self.server.cosigner.add_checkpoint(body))

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep no log of requests: the memory says what was cosigned."""
