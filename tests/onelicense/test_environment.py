"""Deployment choices: what is malformed stops the start with one line."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from onelicense import environment as env


def refusal(call, *args, **options) -> str:
    with pytest.raises(SystemExit) as caught:
        call(*args, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("off", False), ("", False)]
)
def test_a_flag_is_read_as_people_write_it(monkeypatch, text, value):
    monkeypatch.setenv("DEBUG", text)

    assert env.flag("DEBUG", default=not value) is value


def test_a_flag_that_is_neither_on_nor_off_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("DEBUG", "maybe")

    assert "DEBUG='maybe'" in refusal(env.flag, "DEBUG", default=True)


@pytest.mark.parametrize("text", ["fast", "-1", "nan", "inf"])
def test_a_number_that_cannot_scale_time_is_refused(monkeypatch, text):
    monkeypatch.setenv("ONELICENSE_TIME_SCALE", text)

    message = refusal(env.number, "ONELICENSE_TIME_SCALE", default=1)

    assert f"ONELICENSE_TIME_SCALE={text!r}" in message


def test_a_misspelt_name_is_refused_and_the_known_ones_are_listed(monkeypatch):
    monkeypatch.setenv("ONELICENSE_TIMESCALE", "0")

    message = refusal(env.check_names)

    assert "unknown setting ONELICENSE_TIMESCALE" in message
    assert "ONELICENSE_TIME_SCALE" in message


def test_names_are_split_at_commas_without_their_spaces(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")

    assert env.names("ALLOWED_HOSTS", default="") == ["a.example", "b.example"]


@pytest.mark.parametrize(
    "url", ["mysql://u:geheim@h/db", "geheim", "postgresql://u:geheim@h:port/db"]
)
def test_a_refused_database_address_is_named_but_not_printed(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)

    message = refusal(env.database, "DATABASE_URL", default_file="x")

    assert "DATABASE_URL" in message
    assert "geheim" not in message


def test_sqlite_takes_the_write_lock_at_once_and_keeps_a_wal(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new/folder.sqlite3")

    options = env.database("DATABASE_URL", default_file="x")["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert (tmp_path / "new").is_dir()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        ("http://127.0.0.1:8100", "http://127.0.0.1:8100"),
        ("https://departments.example/", "https://departments.example"),
        ("http://[::1]:80/exchange/answers", "http://[::1]:80/exchange/answers"),
    ],
)
def test_an_address_ends_without_a_slash(monkeypatch, text, value):
    monkeypatch.setenv("ONELICENSE_DEPARTMENTS_URL", text)

    assert env.address("ONELICENSE_DEPARTMENTS_URL") == value


@pytest.mark.parametrize(
    "text",
    [
        *("localhost:8100", "ftp://host", "http://", "http://host:port"),
        *("http://host:70000", "http://u:geheim@", "http://host:0", "http://host?a=b"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_but_not_printed(monkeypatch, text):
    monkeypatch.setenv("ONELICENSE_DEPARTMENTS_URL", text)

    message = refusal(env.address, "ONELICENSE_DEPARTMENTS_URL")

    assert "ONELICENSE_DEPARTMENTS_URL is not an address" in message
    assert "geheim" not in message


def test_postgresql_gets_a_pool_and_keeps_what_its_address_says(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@h/db?sslmode=require")

    config = env.database("DATABASE_URL", default_file="x")

    assert config["CONN_MAX_AGE"] == 0
    assert config["OPTIONS"]["pool"] == env.POOL
    assert config["OPTIONS"]["sslmode"] == "require"


def test_a_secret_key_is_made_up_only_on_ones_own_machine(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setattr(env, "VAR", tmp_path)

    assert "SECRET_KEY is not set" in refusal(env.secret_key, local=False)

    first = env.secret_key(local=True)
    assert len(first) >= 50
    assert env.secret_key(local=True) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("url", "translated"),
    [
        ("redis://broker:6379/0", "redis://broker:6379/0"),
        ("unix:///run/broker.sock", "redis+socket:///run/broker.sock"),
        ("unix:///my run/b.sock?db=1", "redis+socket:///my%20run/b.sock?db=1"),
    ],
)
def test_the_brokers_address_is_translated_for_celery(url, translated):
    assert env.celery_broker(url) == translated


@pytest.mark.parametrize("url", ["amqp://u:geheim@h", "unix://relative", "broker"])
def test_a_broker_of_another_kind_is_refused_without_its_password(url):
    message = refusal(env.celery_broker, url)

    assert "REDIS_URL" in message
    assert "geheim" not in message


def test_a_long_socket_path_moves_to_a_short_private_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    long = tmp_path / ("目" * 40) / "broker.sock"

    short = env.short_socket(long)

    assert len(os.fsencode(short)) <= 107
    assert short.parent.stat().st_mode & 0o077 == 0
    assert env.short_socket(long) == short
    assert env.short_socket(Path("/run/broker.sock")) == Path("/run/broker.sock")
    short.parent.rmdir()


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "gunicorn", "--preload", "onelicense.wsgi", "--bind=127.0.0.1:0"],
        ["-m", "celery", "-A", "onelicense", "worker"],
    ],
)
def test_a_malformed_value_stops_the_start_with_one_line(command):
    environment = {**os.environ, "ONELICENSE_TIME_SCALE": "fast"}

    ended = subprocess.run(
        [sys.executable, *command],
        cwd=env.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "onelicense: ONELICENSE_TIME_SCALE='fast' is not a number"
    ]


def test_hours_are_a_span_of_time_and_none_at_zero(monkeypatch):
    monkeypatch.setenv("ONELICENSE_PROOF_GRACE", "0.5")
    assert env.hours("ONELICENSE_PROOF_GRACE", default=4) == timedelta(minutes=30)
    monkeypatch.setenv("ONELICENSE_PROOF_GRACE", "0")
    assert env.hours("ONELICENSE_PROOF_GRACE", default=4) is None
    monkeypatch.delenv("ONELICENSE_PROOF_GRACE")
    assert env.hours("ONELICENSE_PROOF_GRACE", default=4) == timedelta(hours=4)


@pytest.mark.parametrize("text", ["4h", "-1", "1e300"])
def test_a_grace_that_is_no_number_of_hours_is_refused(monkeypatch, text):
    monkeypatch.setenv("ONELICENSE_PROOF_GRACE", text)

    assert "ONELICENSE_PROOF_GRACE=" in refusal(
        env.hours, "ONELICENSE_PROOF_GRACE", default=4
    )


def test_a_witness_is_a_folder_or_an_address_with_its_key(monkeypatch):
    monkeypatch.delenv("ONELICENSE_WITNESS", raising=False)
    monkeypatch.delenv("ONELICENSE_WITNESS_KEYS", raising=False)
    assert witness() == env.VAR / "log" / "witness"
    monkeypatch.setenv("ONELICENSE_WITNESS", "/srv/witness")
    assert witness() == Path("/srv/witness")
    monkeypatch.setenv("ONELICENSE_WITNESS", "http://witness.example:8200/")
    assert "set ONELICENSE_WITNESS_KEYS" in refusal(witness)
    monkeypatch.setenv("ONELICENSE_WITNESS_KEYS", "witness.example+00000000+AAAA")
    assert witness() == "http://witness.example:8200"
    monkeypatch.setenv("ONELICENSE_WITNESS", "http://")
    assert "ONELICENSE_WITNESS is not an address" in refusal(witness)


def witness() -> str | Path:
    return env.witness("ONELICENSE_WITNESS", keys="ONELICENSE_WITNESS_KEYS")
