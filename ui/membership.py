"""What the window is given of the workshop its terminal belongs to, and how a terminal comes to belong to one."""

from collections.abc import Callable
from dataclasses import dataclass

from core.people.at_hand import Person
from core.people.roles import Actor
from core.records.records import Records
from core.sync.views import Progress, WorkshopLink


@dataclass(frozen=True, slots=True)
class Membership:
    """This terminal in its workshop. ``actor``: while no owner has a PIN, the terminal itself.

    That is ``Actor("terminal", terminal_id, its name, Role.OWNER)``: whoever stands at it may do everything, until
    there is somebody to ask. ``people``: the active staff as the window opens; it hears of changes itself.
    """

    workshop: str  # its name
    terminal_id: str
    device_id: str
    records: Records
    link: WorkshopLink
    actor: Actor
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class NearbyWorkshop:
    """A terminal found on the network that a new one could join through."""

    workshop: str  # "": not announced
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
