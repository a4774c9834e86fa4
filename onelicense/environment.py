"""Read every deployment choice from the environment; one line names what is wrong."""

from __future__ import annotations

import hashlib
import math
import os
import secrets
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote, urlsplit

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

#: Connections of one process to one database, opened when they are needed. Two web
#: processes, two workers of two processes each and a sequencer stay below the hundred
#: of a default server. Who finds none free waits five seconds for one.
POOL = {"min_size": 0, "max_size": 8, "timeout": 5.0, "reconnect_timeout": 5.0}

#: A process that is stopped inside a transaction keeps its locks from everybody: the
#: server ends its session, before a lease runs out and others take its work over.
NOBODY_SLEEPS = "-c idle_in_transaction_session_timeout=15s"

MOST_HOURS = 24 * 366

#: Linux keeps 108 bytes for the path of a socket, the last one is zero.
SOCKET_PATH_BYTES = 107
#: Addresses may hold passwords, so a refused one is never printed.
ADDRESSES = "use postgresql://user:password@host/name or sqlite:////path"

KNOWN = {
    "DATABASE_URL",
    "DEPARTMENTS_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DEBUG",
    "ALLOWED_HOSTS",
    "ONELICENSE_DEMO",
    "ONELICENSE_UPLOAD_DIR",
    "ONELICENSE_TIME_SCALE",
    "ONELICENSE_DEPARTMENTS_URL",
    "ONELICENSE_DEPARTMENTS_KEYS",
    "ONELICENSE_ANSWERS_URL",
    "ONELICENSE_LOG_KEY",
    "ONELICENSE_LOG_ORIGIN",
    "ONELICENSE_LOG_VERIFIER_KEY",
    "ONELICENSE_LOG_TILES_PUBLIC",
    "ONELICENSE_LOG_ENTRIES_PUBLIC",
    "ONELICENSE_PROOF_GRACE",
    "ONELICENSE_RECEIPT_KEY",
    "ONELICENSE_WITNESS",
    "ONELICENSE_WITNESS_KEYS",
}


def refuse(message: str) -> NoReturn:
    """Stop the start with one line."""
    sys.exit(f"onelicense: {message}")


def check_names() -> None:
    """Refuse a misspelt variable instead of ignoring it."""
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith("ONELICENSE_") and name not in KNOWN
    )
    if unknown:
        refuse(f"unknown setting {unknown[0]}; known are {', '.join(sorted(KNOWN))}")


def flag(name: str, *, default: bool) -> bool:
    text = os.environ.get(name, "1" if default else "0").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off", ""}:
        return False
    refuse(f"{name}={text!r} is neither on nor off; use 1 or 0")


def number(name: str, *, default: float) -> float:
    text = os.environ.get(name, str(default))
    try:
        value = float(text)
    except ValueError:
        refuse(f"{name}={text!r} is not a number")
    if not 0 <= value < math.inf:
        refuse(f"{name}={text!r} is negative or without end")
    return value


def hours(name: str, *, default: float) -> timedelta | None:
    """Return a span of time that is written in hours; None for 0."""
    value = number(name, default=default)
    if value > MOST_HOURS:
        refuse(f"{name}={value:g} is more than a year of hours")
    return timedelta(hours=value) or None


def names(name: str, *, default: str) -> list[str]:
    """Return a list of names, as written between commas."""
    text = os.environ.get(name) or default
    return [part.strip() for part in text.split(",") if part.strip()]


def address(name: str) -> str:
    """Return where another service is, without a slash at its end; empty if unset."""
    text = os.environ.get(name, "").strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        usable = parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    if not usable or parts.scheme not in {"http", "https"} or parts.query:
        refuse(f"{name} is not an address; use http://host:port")
    return text


def witness(name: str, *, keys: str) -> str | Path:
    """Return the address of a witness, or the folder that is one."""
    text = os.environ.get(name, "")
    if not text.startswith(("http://", "https://")):
        return Path(text) if text else VAR / "log" / "witness"
    if not os.environ.get(keys):
        refuse(f"{name} is an address; set {keys} to the witness's key, NAME+ID+KEY")
    return address(name)


def log_origin(name: str, *, default: str) -> str:
    """Return the log's name as a signed note can carry it (C2SP signed-note)."""
    text = os.environ.get(name) or default
    if "+" in text or any(char.isspace() for char in text):
        refuse(f"{name}={text!r} may hold neither spaces nor plus signs")
    return text


def secret_key(*, local: bool) -> str:
    """Return SECRET_KEY; only one's own machine makes one up, and keeps it."""
    key = os.environ.get("SECRET_KEY", "")
    if key:
        return key
    if not local:
        refuse("SECRET_KEY is not set; set it, or DEBUG=1 on your own machine")
    file = VAR / "secret_key"
    if not file.exists():
        VAR.mkdir(exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return file.read_text(encoding="utf-8")


def database(name: str, *, default_file: str) -> dict[str, object]:
    """Return Django's settings for one database, tuned for many writers."""
    url = os.environ.get(name) or f"sqlite:///{VAR / default_file}"
    try:
        parsed = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    except ValueError:
        refuse(f"{name} is not a database address; {ADDRESSES}")
    config: dict[str, object] = dict(parsed)
    engine = str(config["ENGINE"])
    if engine.endswith("sqlite3"):
        Path(str(config["NAME"])).parent.mkdir(parents=True, exist_ok=True)
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA recursive_triggers=ON"
            ),
        }
    elif engine.endswith("postgresql"):
        config["CONN_MAX_AGE"] = 0  # the pool keeps them
        options: dict[str, object] = dict(parsed.get("OPTIONS", {}))
        given = {
            "connect_timeout": 5,
            "options": NOBODY_SLEEPS,
            "prepare_threshold": 0,  # what says that it is to be kept ready, is at once
            **options,
        }
        config["OPTIONS"] = {**given, "pool": POOL}
    else:
        refuse(f"{name} names another kind of database; {ADDRESSES}")
    return config


def short_socket(path: Path) -> Path:
    """Return a Unix socket's path; a long one (>107 bytes) moves to a short folder."""
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES:
        return path
    root = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    folder = Path(root) / f"onelicense-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / path.name


def broker_url() -> str:
    """Return the broker's address as kombu writes it."""
    default = f"unix://{short_socket(VAR / 'broker.sock')}"
    return celery_broker(os.environ.get("REDIS_URL") or default)


def celery_broker(url: str) -> str:
    """Translate REDIS_URL for kombu, which refuses redis-py's `unix://`."""
    if url.startswith("unix:///"):
        path, mark, query = url.removeprefix("unix://").partition("?")
        return "redis+socket://" + quote(path) + mark + query
    if url.startswith(("redis://", "rediss://")):
        return url
    refuse("REDIS_URL is neither redis://host:port/0 nor unix:///path")
