"""`manage.py forget`: by age, or on a lawful request that names who decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from services.accounts.models import User
from services.accounts.operations.sign_in import act_for, sign_out
from services.common.actors import Actor
from services.ledger.entry import Entry
from services.ledger.models import EntryDetails, LogEntry, Pseudonym
from services.ledger.retention import FORGOTTEN
from tests.clock import NOON
from tests.factories.registry import EntityFactory
from tests.ledger.writing import REVIEWER, moved, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return User.objects.create(username="privacy-1", display_name="李敏")


def forget(*words: str) -> None:
    call_command("forget", *words)


def test_a_company_and_who_acted_for_it_are_forgotten(officer, capsys):
    company, other = EntityFactory(), EntityFactory()
    person = act_for(entity=company, proved_by="test", now=NOON)
    applicant = Actor("human", person.username, "applicant", str(person))
    sign_out(actor=applicant, now=NOON)
    act_for(entity=other, proved_by="test", now=NOON)
    write(moved(subject=f"entity:{company.uscc}", details={"note": "a"}))

    forget("--company", company.uscc, "--by", officer.username, "--basis", "第47条")

    assert not Pseudonym.objects.filter(clear__contains=company.uscc).exists()
    assert Pseudonym.objects.filter(clear__contains=other.uscc).count() == 2
    assert "2 names and 1 details are forgotten" in capsys.readouterr().out
    for said in LogEntry.objects.filter(type=FORGOTTEN):
        assert '"basis":"第47条"' in said.leaf
        assert '"role":"data_protection"' in said.leaf


def test_whoever_acts_for_another_company_too_stays(officer):
    company, other = EntityFactory(), EntityFactory()
    person = act_for(entity=company, proved_by="test", now=NOON)
    applicant = Actor("human", person.username, "applicant", str(person))
    write(moved("D2", subject=f"entity:{other.uscc}", actor=applicant))

    forget("--company", company.uscc, "--by", officer.username)

    assert Pseudonym.objects.filter(clear=f"human:{person.username}").exists()


def test_clerks_of_a_company_s_cases_stay(officer):
    company = EntityFactory()
    write(moved(subject=f"entity:{company.uscc}", actor=REVIEWER))

    forget("--company", company.uscc, "--by", officer.username)

    assert Pseudonym.objects.filter(clear=f"human:{REVIEWER.id}").exists()


def test_what_only_its_cases_are_about_goes_with_a_company(officer):
    company, other = EntityFactory(), EntityFactory()
    write(
        moved("D1", subject=f"entity:{company.uscc}"),
        moved("D2", subject=f"entity:{other.uscc}"),
        moved("D1", subject="premises:own"),
        moved("D1", subject="premises:shared"),
        moved("D2", subject="premises:shared"),
        moved("D2", subject=f"other_entity:{company.uscc}"),
    )

    forget("--company", company.uscc, "--by", officer.username)

    left = set(Pseudonym.objects.values_list("clear", flat=True))
    assert left == {
        "premises:shared",
        f"entity:{other.uscc}",
        f"human:{officer.username}",
    }


def test_a_subject_is_forgotten_by_its_name(officer):
    write(moved(subject="person:a"), moved(subject="person:b"))

    forget("--subject", "person:a", "--subject", "person:b", "--by", officer.username)

    clear = Pseudonym.objects.values_list("clear", flat=True)
    assert list(clear) == [f"human:{officer.username}"]


def test_what_is_too_old_is_forgotten_and_counted(capsys):
    old = timezone.now() - timedelta(days=366)
    write(Entry(type="signin.failed", details={"note": "x"}), at=old)

    forget("--expired")

    assert ["signin", "1"] in [
        line.split() for line in capsys.readouterr().out.split("\n")
    ]
    assert EntryDetails.objects.get().body["class"] == "signin"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "one of the arguments"),
        (("--company", "X"), "knows no company with the licence X"),
        (("--subject", "person:z"), "--by is missing"),
        (("--subject", "person:z", "--by", "nobody"), "no user 'nobody'"),
        (("--subject", "person:z", "--by", "privacy-1"), "nobody called person:z"),
        (("--expired", "--company", "X"), "not allowed with"),
    ],
)
def test_what_is_wrong_is_named(officer, words, why):
    with pytest.raises(CommandError, match=why):
        forget(*words)

    assert not LogEntry.objects.exists()
