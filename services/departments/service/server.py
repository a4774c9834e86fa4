"""
The departments' HTTP server: a thread for each connection, so who hangs hangs alone.

It holds the sockets itself, because departments also fail below HTTP.
"""

from __future__ import annotations

import logging
import select
import socket
import struct
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from django.db import close_old_connections, reset_queries

from services.departments.faults import Mode
from services.departments.service.messages import Request, Response
from services.departments.service.resources import House, respond

logger = logging.getLogger(__name__)

LARGEST_REQUEST = 10_000_000
IDLE_SECONDS = 60
HANG_SECONDS = 60
SEND_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


class Dropped(Exception):
    """The connection was let go of."""


class Server(ThreadingHTTPServer):
    """Every department and the hub behind one port."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], house: House) -> None:
        super().__init__(address, Handler)
        self.house = house

    def handle_error(self, _request: object, client_address: object) -> None:
        """Say little of connections that broke: some are meant to."""
        logger.debug("the connection of %s broke", client_address, exc_info=True)


class Handler(BaseHTTPRequestHandler):
    """One connection, which may bring many requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def do_GET(self) -> None:
        self._send(self._respond(b""))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) <= LARGEST_REQUEST:
            self._send(self._respond(self.rfile.read(int(length))))
            return
        self.close_connection = True
        self._send(Response.refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))

    do_PUT = do_POST  # noqa: N815

    def _respond(self, body: bytes) -> Response:
        close_old_connections()
        try:
            request = Request(self.command, urlsplit(self.path), body)
            return respond(request, self.server.house)
        finally:
            reset_queries()  # with DEBUG each statement would be kept
            close_old_connections()  # none is held while a department thinks

    def _send(self, response: Response) -> None:
        self._think(response)
        if response.mode == Mode.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, SEND_RESET)
        if response.mode in (Mode.RESET, Mode.DOWN):
            self._drop()
        sent = response.spoilt()
        self.send_response(sent.status)
        self.send_header("Content-Type", sent.content_type)
        self.send_header("Content-Length", str(len(sent.body)))
        for name, value in sent.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if response.mode == Mode.TRUNCATED:
            self.wfile.write(sent.body[: len(sent.body) // 2])
            self._drop()
        self.wfile.write(sent.body)

    def _think(self, response: Response) -> None:
        """Take the department's time, but no longer than somebody waits for it."""
        hangs = response.mode in (Mode.HANG, Mode.LATE)
        seconds = HANG_SECONDS if hangs else response.seconds
        if seconds:
            left, _, _ = select.select([self.connection], [], [], seconds)
            if left or hangs:
                self._drop()

    def _drop(self) -> None:
        """Close the connection under whoever waits for more."""
        self.wfile.close()
        self.rfile.close()
        self.connection.close()
        raise Dropped

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep no log of requests: departments have their journals."""
