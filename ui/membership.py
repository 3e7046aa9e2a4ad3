"""What the window is given of the workshop its terminal belongs to, and how a terminal comes to belong to one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from core.records.changes import Changed, ChangeSet
from core.sync.views import Progress, WorkshopLink


class Records(Protocol):
    """The part of ``core.records.records.Records`` the window uses. All but ``subscribe`` wait: never on Qt's thread."""

    def change(self, actor: str, work: Callable[[Any], Any], *, why: str = "") -> Changed[Any]: ...

    def read(self) -> AbstractContextManager[Any]: ...

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]: ...


class Actor(Protocol):
    """Who acts at this terminal: ``core.people``'s ``Actor``, until somebody signs in the terminal itself."""

    @property
    def name(self) -> str: ...

    @property
    def reference(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Membership:
    """This terminal in its workshop. ``actor`` is ``terminal:<id>`` with the role of a manager until people sign in."""

    workshop: str  # its name
    terminal_id: str
    device_id: str
    records: Records
    link: WorkshopLink
    actor: Actor


@dataclass(frozen=True, slots=True)
class NearbyWorkshop:
    """A terminal found on the network that a new one could join through."""

    workshop: str
    terminal: str
    address: str  # "https://192.168.1.20:8420"


class JoiningCancelled(Exception):  # noqa: N818 - nothing went wrong
    """Raised by the progress a window passes to ``join``: a person thought better of it; the home is left empty."""


def nobody_nearby() -> tuple[NearbyWorkshop, ...]:
    return ()


Found = Callable[[str, str], Membership | None]
"""``found(workshop, terminal)`` founds a workshop here. Waits. None: done, and the terminal must be started again.

Raises ``OSError``, ``SyncError`` or ``RecordsError``, whose words a person reads; nothing is kept then.
"""

Join = Callable[[str, str, str, Progress], Membership | None]
"""``join(address, code, terminal, progress)`` joins and seeds. Waits. None: done, and must be started again.

``progress`` may raise ``JoiningCancelled``: nothing is kept then, and it comes out of ``join``. Raises as ``Found``;
``WrongCodeError`` and ``UnreachableError`` are told apart.
"""
