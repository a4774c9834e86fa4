"""What is late stands before the head clerk, and before nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cases.models import Task
from services.cases.operations.escalate import escalate
from tests.clock import NOON
from tests.factories.cases import filed, hold_for, open_task
from tests.web.conftest import as_staff, page

ITEM = "HZ-095"  # a reviewer decides


@pytest.fixture
def late(company):
    hold_for(company, ITEM)
    case = filed(company, ITEM)
    escalate(now=NOON + timedelta(days=120))
    return case


def test_the_head_clerk_finds_what_is_late_and_records_what_was_done(late):
    task = late.tasks.filter(kind=Task.Kind.SUPERVISE).earliest("pk")
    head = as_staff(task.assignee.username)
    assert late.number in page(head.get("/desk/"))
    assert "记录督办" in page(head.get(f"/desk/cases/{late.number}/"))

    answer = head.post(
        f"/desk/cases/{late.number}/task/",
        {"task": task.pk, "passed": "1", "reasons": "已约谈承办人"},
        follow=True,
    )

    task.refresh_from_db()
    assert (task.closed_at, task.remark) == (NOON, "已约谈承办人")
    assert "督办处理" in page(answer)


def test_nobody_else_is_offered_it(late):
    reviewer = as_staff(open_task(late, "decide").assignee.username)

    shown = page(reviewer.get(f"/desk/cases/{late.number}/"))

    assert "已超过承诺办结期限" in shown
    assert "记录督办" not in shown
