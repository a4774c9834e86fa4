"""Garbage that comes over HTTP: why it is not used stands in log and incident."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.exchange import inquire
from services.exchange.models import Evidence, Incident
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.departments.serving import Clock, Remote, served
from tests.exchange.serving import serve, settled
from tests.factories.departments import ProfileFactory, RecordFactory
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.django_db
DIRECT = "ga"  # asked without the hub: what it sends is what we get


@pytest.fixture
def server(settings, tmp_path, monkeypatch):
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    clock = Clock()
    with served(tmp_path, clock) as server:
        remote = Remote(f"http://127.0.0.1:{server.server_port}", clock)
        monkeypatch.setattr(inquire, "gateway", lambda: remote)
        yield server


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("bad_json", "not_json"),
        ("html", "not_json"),
        ("huge", "too_large"),
        ("truncated", "cut_short"),
        ("forged", "wrong_signature"),
    ],
)
def test_is_set_aside_with_its_reason(server, mode, reason):
    RecordFactory(department=DIRECT)
    exchange = ExchangeFactory(department=DIRECT)
    if mode == "forged":
        server.house.keys[DIRECT] = Ed25519PrivateKey.generate()
    else:
        ProfileFactory(department=DIRECT, mode=mode)

    serve(NOON, DIRECT)

    settled(exchange)
    assert (exchange.outcome, exchange.code) == ("UNAVAILABLE", "GARBLED")
    assert not Evidence.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.type, entry.exchange) == ("exchange.quarantined", exchange.public_id)
    assert EntryDetails.objects.get().body["reason"] == reason
    assert Incident.objects.get().text == (
        f"1 × GARBLED ({reason}), e.g. {exchange.public_id}"
    )
