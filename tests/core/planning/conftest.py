"""What the tests of planning have in common."""

from tests.core.people.conftest import desk, two_desks

__all__ = ["desk", "two_desks"]
