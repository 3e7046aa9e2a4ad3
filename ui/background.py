"""Work that may take its time, off the window's thread; the answer comes back on it."""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from shiboken6 import isValid

T = TypeVar("T")


class _Answer(QObject):
    """Lives on the window's thread, so that what its slots call runs there; says nothing once its owner is gone.

    No child of its owner: destroyed with it while the pool's thread emits, it would take the process along.
    """

    arrived = Signal(object, object)  # result, error

    def __init__(
        self, owner: QObject, done: Callable[[Any], object], failed: Callable[[Exception], object] | None
    ) -> None:
        super().__init__()
        self._owner, self._done, self._failed = owner, done, failed
        _waiting.add(self)
        self.arrived.connect(self._give, Qt.ConnectionType.QueuedConnection)

    def _give(self, result: object, error: Exception | None) -> None:
        _waiting.discard(self)
        self.deleteLater()
        if not isValid(self._owner):
            return  # the widget that asked is gone, and so is its question
        if error is None:
            self._done(result)
        elif self._failed is None:
            raise error
        else:
            self._failed(error)


_waiting: set[_Answer] = set()  # keeps them until they have been given


class _Job(QRunnable):
    def __init__(self, work: Callable[[], object], answer: _Answer) -> None:
        super().__init__()
        self._work, self._answer = work, answer

    def run(self) -> None:
        result: object = None
        failure: Exception | None = None
        try:
            result = self._work()
        except Exception as error:  # noqa: BLE001 - the window's thread decides what a person is told
            failure = error
        self._answer.arrived.emit(result, failure)


def finish(seconds: float) -> None:
    """Wait for work that was asked for, so long at most: the last thing typed is on its way to the disk."""
    QThreadPool.globalInstance().waitForDone(round(seconds * 1000))


def run(
    owner: QObject,
    work: Callable[[], T],
    done: Callable[[T], object],
    failed: Callable[[Exception], object] | None = None,
) -> None:
    """Run ``work`` on a pool thread, then ``done(result)`` or ``failed(error)`` on this one while ``owner`` lives.

    Without ``failed`` an exception is raised again on this thread: a bug, not a message.
    """
    QThreadPool.globalInstance().start(_Job(work, _Answer(owner, done, failed)))
