import pytest

from services.common.actors import Actor
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.drain import drain
from services.dispatch.operations.reissue import reissue
from services.dispatch.operations.send import send
from services.ledger.explore import Filters, explore
from services.ledger.models import LogEntry
from tests.clock import NOON, at

OPERATOR = Actor("human", "operator", "operator", "沈磊")


@pytest.fixture
def parked(bells) -> OutboxMessage:
    send("test.do", "1", now=NOON)
    OutboxMessage.objects.update(parked_at=NOON, parked_reason="broken", attempts=8)
    return OutboxMessage.objects.get()


@pytest.mark.django_db
class TestReissue:
    def test_a_parked_message_is_tried_again(self, parked, handler) -> None:
        assert drain(clock=at(NOON), owner="w") == 0

        assert reissue(messages=[parked.pk], actor=OPERATOR, now=NOON) == 1

        assert drain(clock=at(NOON), owner="w") == 1
        assert handler.calls == [["1"]]

    def test_is_logged_with_who_did_it(self, parked) -> None:
        reissue(messages=[parked.pk], actor=OPERATOR, now=NOON)

        (line,) = explore(Filters(type="message.reissued")).lines
        assert line.actor == "沈磊"
        assert line.details == {"task": "test.do", "key": "1", "reason": "broken"}

    def test_clicking_twice_does_it_once(self, parked) -> None:
        reissue(messages=[parked.pk], actor=OPERATOR, now=NOON)

        assert reissue(messages=[parked.pk], actor=OPERATOR, now=NOON) == 0
        assert LogEntry.objects.count() == 1

    def test_a_message_that_is_not_parked_is_left_alone(self, bells) -> None:
        send("test.do", "1", now=NOON)
        OutboxMessage.objects.update(attempts=3)

        again = OutboxMessage.objects.get()
        assert reissue(messages=[again.pk], actor=OPERATOR, now=NOON) == 0
        assert OutboxMessage.objects.get().attempts == 3

    def test_rings_for_a_worker(
        self, parked, bells, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            reissue(messages=[parked.pk], actor=OPERATOR, now=NOON)

        assert bells == [("dispatch.drain", {})]
