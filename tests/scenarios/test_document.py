"""docs/scenarios.md says what the table says."""

from tests.scenarios.document import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run python -m tests.scenarios.document"
    )
