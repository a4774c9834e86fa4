"""Exports of the log: CSV, XLSX, OCEL 2.0 and tlog-tiles."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from services.cases.models import Case
from services.ledger.entry import Entry
from services.ledger.events import EVENT_TYPES
from services.ledger.models import Checkpoint, EntryDetails, LogEntry, Pseudonym
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.signing import log_signer
from services.ledger.witness import log_witness
from services.web.auditor.exports import ocel, spreadsheet, views
from services.web.auditor.exports.spreadsheet import xlsx_file
from services.web.auditor.exports.tables import csv_file, safe
from tests.cases.test_effects import FOOD, ON_COMMITMENT
from tests.clock import NOON
from tests.factories.cases import filed, hold_for
from tests.ledger.writing import LICENCE, REVIEWER, moved, write
from tests.web.conftest import as_applicant, as_staff, page
from tests.web.ocel_schema import misfits

OBJECT_TYPES = {"case", "entity", "department", "exchange", "evidence", "user"}
FORMULAS = ["=1+1", "+1", "-2", "@x", "\t=1", "\r=1", "  =1", "＝1", "\u3000@x", "\n=1"]


@pytest.fixture
def auditor(staffed):
    return as_staff("auditor")


@pytest.fixture
def delivered(company) -> Case:
    hold_for(company, FOOD)
    return filed(company, FOOD, given=ON_COMMITMENT)


def content(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(answer).decode("utf-8-sig"))))


def sheets(raw: bytes) -> list[list[tuple[str, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


class TestCsv:
    def test_has_every_entry_that_passes(self, auditor):
        write(*[moved("D1", code=str(number)) for number in range(60)], moved("D2"))

        head, *rows = table(auditor.get("/audit/export/log.csv?case=D1"))

        at = head.index("code")
        assert [row[at] for row in rows] == [str(number) for number in range(60)][::-1]

    def test_masks_people_and_shows_no_details_of_theirs(self, auditor):
        details = {"action": "approve", "reason": "电话 13800000000"}
        write(moved(actor=REVIEWER, subject=f"entity:{LICENCE}", details=details))
        write(moved(subject="person:330199199001010011"))

        raw = content(auditor.get("/audit/export/log.csv")).decode()

        assert "approve" in raw
        assert LICENCE in raw
        for hidden in (REVIEWER.name, REVIEWER.id, "13800000000", "330199199001010011"):
            assert hidden not in raw

    def test_names_nobody_who_was_forgotten(self, auditor):
        write(moved(subject=f"entity:{LICENCE}"))
        Pseudonym.objects.all().delete()

        for form in ("csv", "ocel.json"):
            raw = content(auditor.get(f"/audit/export/log.{form}?type=case.moved"))
            assert LICENCE not in raw.decode()

    def test_is_safe_from_formulas(self, auditor):
        write(*[moved(purpose=text) for text in FORMULAS if "\n" not in text])

        head, *rows = table(auditor.get("/audit/export/log.csv?type=case.moved"))

        at = head.index("purpose")
        assert rows
        assert {row[at][:1] for row in rows} == {"'"}

    @pytest.mark.parametrize("text", FORMULAS)
    def test_marks_what_could_begin_a_formula(self, text):
        assert safe(text) == f"'{text}"

    @pytest.mark.parametrize(
        "text", ["", "1-2", "a=b", "食品", "D20261123-8F3K2M", " "]
    )
    def test_leaves_what_could_not(self, text):
        assert safe(text) == text

    @given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2)))
    def test_is_read_as_it_was_written(self, rows):
        raw = b"".join(csv_file(["a", "b"], rows)).decode("utf-8-sig")

        read = list(csv.reader(io.StringIO(raw, newline="")))

        assert read == [["a", "b"], *[[safe(cell) for cell in row] for row in rows]]


class TestXlsx:
    def test_has_the_same_rows_as_csv(self, auditor, delivered):
        asked = f"case={delivered.reference}"
        rows = table(auditor.get(f"/audit/export/log.csv?{asked}"))
        (sheet,) = sheets(content(auditor.get(f"/audit/export/log.xlsx?{asked}")))

        assert len(rows) > 10
        assert [[cell or "" for cell in row] for row in sheet] == rows

    def test_computes_nothing(self):
        raw = b"".join(xlsx_file(["a"], [[text] for text in FORMULAS]))

        book = openpyxl.load_workbook(io.BytesIO(raw))

        cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
        assert [cell.data_type for cell in cells] == ["s"] * len(FORMULAS)
        assert [cell.value.strip() for cell in cells] == [t.strip() for t in FORMULAS]

    def test_holds_any_text(self):
        texts = ["<a>&\"'", "\x00\x08\ufffe", "x" * 40_000, "表\n格", "]]>"]

        (sheet,) = sheets(b"".join(xlsx_file(["a"], [[text] for text in texts])))

        read = [row[0] for row in sheet[1:]]
        assert read == [texts[0], "\ufffd" * 3, "x" * 32_767, texts[3], texts[4]]

    @pytest.mark.parametrize(("rows", "wanted"), [(0, [1]), (3, [4]), (4, [4, 2])])
    def test_goes_on_in_another_sheet(self, monkeypatch, rows, wanted):
        monkeypatch.setattr(spreadsheet, "MOST_ROWS", 4)

        found = sheets(b"".join(xlsx_file(["a"], [[str(n)] for n in range(rows)])))

        assert [len(sheet) for sheet in found] == wanted
        assert {sheet[0] for sheet in found} == {("a",)}


class TestOcel:
    @pytest.fixture
    def exported(self, auditor, delivered) -> dict:
        return json.loads(content(auditor.get("/audit/export/log.ocel.json")))

    def test_fits_the_published_schema(self, exported):
        assert misfits(exported) == []
        assert len(exported["events"]) == LogEntry.objects.count()

    def test_declares_what_it_uses(self, exported):
        declared = {
            kind["name"]: {each["name"] for each in kind["attributes"]}
            for kind in exported["objectTypes"] + exported["eventTypes"]
        }

        assert {kind["name"] for kind in exported["objectTypes"]} == OBJECT_TYPES
        assert {kind["name"] for kind in exported["eventTypes"]} == EVENT_TYPES
        for one in exported["objects"] + exported["events"]:
            used = {each["name"] for each in one["attributes"]}
            assert used <= declared[one["type"]]

    def test_names_each_object_once_and_none_that_is_not_there(self, exported):
        ids = [one["id"] for one in exported["objects"]]
        named = {
            tie["objectId"]
            for one in exported["objects"] + exported["events"]
            for tie in one["relationships"]
        }

        assert len(ids) == len(set(ids))
        assert named == set(ids)
        assert {one["type"] for one in exported["objects"]} == OBJECT_TYPES

    def test_ties_a_decision_and_an_answer_to_their_objects(self, exported, delivered):
        by_type = {one["type"]: one for one in exported["events"]}

        def ties(event: str) -> set[str]:
            return {
                tie["objectId"].partition(":")[0]
                for tie in by_type[event]["relationships"]
            }

        case = f"case:{delivered.reference}"
        assert case in {t["objectId"] for t in by_type["case.decided"]["relationships"]}
        assert ties("case.filed") == {"case", "entity", "department", "user"}
        assert ties("exchange.answered") >= {"exchange", "evidence", "department"}

    def test_of_an_empty_log_fits_too(self):
        empty = json.loads(b"".join(ocel.ocel_file([])))

        assert misfits(empty) == []
        assert empty["events"] == empty["objects"] == []


class TestTiles:
    def test_verify_with_the_program_that_needs_no_framework(self, auditor, tmp_path):
        write(*[moved() for _ in range(300)])
        sequence_pending(now=NOON)
        sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)

        raw = content(auditor.get("/audit/export/tiles.zip"))
        zipfile.ZipFile(io.BytesIO(raw)).extractall(tmp_path)

        command = [sys.executable, "-m", "services.ledger.verify", str(tmp_path)]
        command += ["--key", str(log_signer().key)]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        size = Checkpoint.objects.latest("size").size
        assert size >= 300
        assert f": {size} entries, root" in checked.stdout

    def test_are_refused_while_nothing_is_signed(self, auditor):
        answer = auditor.get("/audit/export/tiles.zip")

        assert answer.status_code == 422
        assert "还没有签署过检查点" in page(answer)


class TestExports:
    @pytest.mark.parametrize("form", ["csv", "xlsx", "ocel.json"])
    def test_are_in_the_log_before_the_first_byte(self, auditor, form):
        write(moved(subject=f"entity:{LICENCE}"))

        auditor.get(f"/audit/export/log.{form}?licence={LICENCE}")

        entry = LogEntry.objects.get(type="log.exported")
        asked = EntryDetails.objects.get(entry_id=entry.pk).body
        assert asked == {"form": form, "by": "entity"}
        assert entry.subject == LogEntry.objects.get(type="case.moved").subject

    def test_of_an_answer_have_what_it_shows(self, auditor):
        refused = Entry(type="exchange.refused", office="gaj", code="NOT_AUTHORISED")
        write(refused, refused, Entry(type="upload.viewed", actor=REVIEWER))

        counted = table(auditor.get("/audit/questions/refusals/export.csv"))
        listed = table(auditor.get("/audit/questions/uploads/export.csv?days=7"))
        workbook = content(auditor.get("/audit/questions/refusals/export.xlsx"))

        assert counted[1][1:3] == ["NOT_AUTHORISED", "2"]
        assert listed[1][2] == "upload.viewed"
        assert [list(row) for row in sheets(workbook)[0]] == counted
        assert LogEntry.objects.filter(type="log.exported").count() == 3

    @pytest.mark.parametrize(
        "address",
        ["export/log.pdf", "questions/refusals/export.pdf", "questions/x/export.csv"],
    )
    def test_of_no_such_kind_are_not_found(self, auditor, address):
        assert auditor.get(f"/audit/{address}").status_code == 404

    def test_say_what_is_wrong_with_a_filter(self, auditor):
        answer = auditor.get("/audit/export/log.csv?since=x")

        assert answer.status_code == 422
        assert "不是时间" in page(answer)
        assert not LogEntry.objects.filter(type="log.exported").exists()

    def test_too_long_for_a_request_are_left_to_the_command(self, auditor, monkeypatch):
        monkeypatch.setattr(views, "MOST", 5)
        write(*[moved("D1") for _ in range(5)], moved("D2"))

        long, short = (
            auditor.get(f"/audit/export/log.csv{q}") for q in ("", "?case=D1")
        )

        assert long.status_code == 422
        assert "manage.py export_audit" in page(long)
        assert len(table(short)) == 6

    def test_are_not_there_for_anybody_else(self, delivered):
        for browser in (as_applicant(delivered.entity), as_staff("reviewer-scjg")):
            for address in ("log.csv", "log.ocel.json", "tiles.zip"):
                assert browser.get(f"/audit/export/{address}").status_code == 404

    @pytest.mark.parametrize("form", ["csv", "xlsx", "ocel.json"])
    def test_need_little_memory_however_long(self, db, form):
        """Twice the entries, about the same memory."""
        write(*[moved(f"D{n}", exchange=f"e{n}") for n in range(4_000)])

        assert peak(form, 4_000) < 1.3 * peak(form, 2_000)


def peak(form: str, count: int) -> int:
    """Return the most bytes in use while the newest entries are exported."""
    from services.ledger.explore import Filters, explore

    def lines():
        cursor = None
        for _ in range(count // 500):
            found = explore(Filters(), cursor=cursor, limit=500)
            yield from found.lines
            cursor = found.older

    tracemalloc.start()
    for _ in views.WRITERS[form][1](lines()):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


class TestCommand:
    def test_writes_what_the_explorer_would(self, db, tmp_path, capsys):
        write(moved("D1", code="a"), moved("D2", code="b"))
        file = tmp_path / "log.csv"

        call_command("export_audit", str(file), case="D2")

        assert [row[13] for row in csv.reader(file.open())] == ["code", "b"]
        assert "bytes" in capsys.readouterr().out
        assert LogEntry.objects.get(type="log.exported").actor == "system"

    @pytest.mark.parametrize(
        ("file", "options", "said"),
        [
            ("log.pdf", {}, "must end with one of .csv, .xlsx, .ocel.json"),
            ("log.csv", {"since": "x"}, "“x” is not a time"),
            ("no/folder/log.csv", {}, "No such file"),
        ],
    )
    def test_says_what_is_wrong(self, db, tmp_path, file, options, said):
        with pytest.raises(CommandError, match=said):
            call_command("export_audit", str(tmp_path / file), **options)
