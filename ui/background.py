"""Work that may take its time, off the window's thread; the answer comes back on it."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from shiboken6 import isValid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Question:
    """Who asked, and what for."""

    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], object]
    failed: Callable[[Exception], object] | None


class _Desk(QObject):
    """Lives on the window's thread as long as the program, so that what its slot calls runs there.

    One for all questions: an object for each could see its last reference go on the pool's thread, and be destroyed
    there while this one is at it.
    """

    arrived = Signal(int, object, object)  # number of the question, result, error

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._give, Qt.ConnectionType.QueuedConnection)

    def _give(self, number: int, result: object, error: Exception | None) -> None:
        question = _asked.pop(number)
        if not isValid(question.owner):
            return  # the widget that asked is gone, and so is its question
        if error is None:
            question.done(result)
        elif question.failed is None:
            raise error
        else:
            question.failed(error)


_numbers = itertools.count(1)
_asked: dict[int, _Question] = {}  # kept, with all they refer to, until they are answered on the window's thread
_desks: list[_Desk] = []


class _Job(QRunnable):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def run(self) -> None:
        result: object = None
        failure: Exception | None = None
        try:
            result = _asked[self._number].work()
        except Exception as error:  # noqa: BLE001 - the window's thread decides what a person is told
            failure = error
        _desks[0].arrived.emit(self._number, result, failure)


def busy() -> bool:
    """Whether anybody waits for an answer."""
    return bool(_asked)


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
    if not _desks:
        _desks.append(_Desk())
    number = next(_numbers)
    _asked[number] = _Question(owner, work, done, failed)
    QThreadPool.globalInstance().start(_Job(number))
