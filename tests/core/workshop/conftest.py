"""What the tests of the rooms have in common."""

from tests.core.people.conftest import desk, two_desks

__all__ = ["desk", "two_desks"]
