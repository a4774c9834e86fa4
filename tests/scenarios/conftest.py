"""The company that every scenario is about."""

from tests.cases.conftest import company, staffed

__all__ = ["company", "staffed"]
