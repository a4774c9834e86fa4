"""How much a department that hangs costs the cases that do not need it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from benchmarks.companies import Applicant
from benchmarks.filed import UNIT
from benchmarks.pile import Pile
from benchmarks.report import Result, result
from benchmarks.servers import Servers
from services.catalogue.models import Department
from services.catalogue.queries import definition_of, materials
from services.common.actors import SYSTEM
from services.common.subjects import Subject
from services.departments.faults import Mode
from services.departments.models import Profile
from services.exchange.models import Exchange
from services.exchange.operations.ask import Request, ask_many
from services.exchange.operations.cancel import cancel_waiting

AT_ONCE_MS = 0


class Hindered:
    """Piles with and without hundreds of questions to a department that hangs."""

    def __init__(self, running: Servers, pile: Pile) -> None:
        self._stack = running.stack
        self._pile = pile
        links = definition_of(pile.item).links
        busy = {link.holder for link in links.values()}
        busy.add(pile.item.item.department_id)
        self._material = next(code for code in materials() if code not in links)
        idle = Department.objects.exclude(pk__in=busy).filter(via_hub=False)
        self._hanging = idle.order_by("pk")[0].pk
        self._runs: list[tuple[float, float]] = []
        self._asked = 0

    def start(self) -> None:
        """Let time pass for departments, and let each but one answer at once."""
        codes = [*Department.objects.values_list("pk", flat=True), "hub"]
        Profile.objects.bulk_create(
            [Profile(department=code, latency_ms=AT_ONCE_MS) for code in codes],
            update_conflicts=True,
            unique_fields=["department"],
            update_fields=["latency_ms"],
        )
        self._stack.environment["ONELICENSE_TIME_SCALE"] = "1"
        self._stack.children["worker"].stop()
        self._stack.start_worker()

    def run(self, applicants: list[Applicant]) -> None:
        """Measure one round: half of the cases without the hanging one, half with."""
        middle = len(applicants) // 2
        free = self._pile.run(applicants[:middle])
        self._switch(Mode.HANG)
        asked = self._ask_hanging(applicants)
        hindered = self._pile.run(applicants[middle:])
        waiting = Exchange.objects.open().filter(case__in=asked).count()
        assert waiting == len(asked), f"of {len(asked)} questions {waiting} wait"
        cancel_waiting(cases=asked, actor=SYSTEM, now=timezone.now())
        self._switch(Mode.UP)
        self._asked += len(asked)
        self._runs.append((hindered, free))

    def result(self) -> Result:
        """Return the result; the cases are checked with the pile."""
        return result(
            "hindered",
            pairs=self._runs,
            unit=UNIT,
            checked=f"{self._asked} questions to one hanging department stayed open",
        )

    def _switch(self, mode: Mode) -> None:
        Profile.objects.filter(department=self._hanging).update(mode=mode)

    def _ask_hanging(self, applicants: list[Applicant]) -> list[str]:
        now = timezone.now()
        requests = [
            Request(
                case=f"hanging-{applicant.entity.pk}",
                material=self._material,
                department=self._hanging,
                subject=Subject("entity", applicant.entity.uscc),
                entity=applicant.entity.uscc,
                holder_name=applicant.entity.legal_name,
                former_names=(),
                purpose="benchmark",
                basis="benchmark",
                deadline_at=now + timedelta(hours=4),
                reply_task="cases.advance",
                reply_key=f"hanging-{applicant.entity.pk}",
            )
            for applicant in applicants
        ]
        with transaction.atomic():
            ask_many(requests, actor=SYSTEM, now=now)
        return [request.case for request in requests]
