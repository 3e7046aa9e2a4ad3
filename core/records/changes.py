"""What a change touched, told to everybody who asked: windows decide whether to redraw, sync pokes the peers."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

HERE = "here"  # written at this terminal
PEER = "peer"  # came from another one


@dataclass(frozen=True, slots=True)
class Replaced:
    """One of two concurrent writes that is not shown. It is in the log of replaced values, and can be restored."""

    table: str
    row: str
    field: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The rows and fields of one committed change, or of one page from a peer.

    ``rows``: table name -> row id -> names of the fields that now read differently. ``stamp``: names the change where
    it is one, to take it back (``core.records.undoing``).
    """

    origin: str  # HERE or PEER
    actor: str  # who wrote; "" when a page from a peer has several
    at: int  # UTC milliseconds, when it was committed here
    rows: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    replaced: tuple[Replaced, ...] = ()
    stamp: str = field(default="", compare=False)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def touches(self, table: str, *fields: str) -> bool:
        """Whether a row of ``table`` changed; with fields: whether one of these did."""
        rows = self.rows.get(table)
        if not rows or not fields:
            return bool(rows)
        wanted = set(fields)
        return any(wanted & changed for changed in rows.values())


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """What ``Records.change`` gives back: the work's own result, and what it changed."""

    value: T
    changes: ChangeSet


class Bus:
    """Tells listeners of each change set, on the thread that made it, after it is on disk. Listeners return at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Callable[[ChangeSet], None], ...] = ()

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Hear of every change from now on; call what is returned to hear no more."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

        return unsubscribe

    def tell(self, changes: ChangeSet) -> None:
        for listener in self._listeners:
            try:
                listener(changes)
            except Exception:  # the change is on disk: one listener's fault must not look like a lost change
                log.exception("a listener failed on a change")
