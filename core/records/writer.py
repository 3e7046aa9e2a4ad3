"""The one thread that writes: a queue of tasks, one after the other, each waited for by whoever asked.

Datasette's write thread is the model. ``Inline`` runs tasks in the caller's thread, for simulations and short programs.
"""

import queue
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from core.language import mark
from core.records.errors import RecordsError

T = TypeVar("T")

MOST_WAITING = 1000  # tasks; whoever asks for more waits
STOP_WITHIN_S = 10.0  # a page being merged is finished


class ClosedError(RecordsError):
    """The records are closed: the terminal is ending."""

    words = mark("The records in {path} are closed.")


class Runner(Protocol):
    """Runs tasks one after the other."""

    def run(self, task: Callable[[], T]) -> T: ...

    def stop(self) -> None: ...


class Inline:
    """Tasks run at once in the caller's thread; a task that starts another one is a fault."""

    def __init__(self) -> None:
        self._busy = False

    def run(self, task: Callable[[], T]) -> T:
        if self._busy:
            raise RuntimeError("a change was started inside another one")
        self._busy = True
        try:
            return task()
        finally:
            self._busy = False

    def stop(self) -> None:
        return None


class _Task:
    __slots__ = ("done", "error", "result", "what")

    def __init__(self, what: Callable[[], Any]) -> None:
        self.what = what
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.what()
        except BaseException as error:  # noqa: BLE001 - belongs to whoever asked, who raises it
            self.error = error
        finally:
            self.done.set()


class WriterThread:
    """The thread ``records-writer``. Every task that was taken is finished, also while stopping."""

    def __init__(self, place: object) -> None:
        self._place = str(place)
        self._tasks: queue.Queue[_Task | None] = queue.Queue(MOST_WAITING)
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="records-writer", daemon=True)
        self._thread.start()

    def run(self, task: Callable[[], T]) -> T:
        """What ``task`` returns, or what it raises. Raises ``ClosedError`` after ``stop``."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a change was started inside another one, or by a listener: use another thread")
        item = _Task(task)
        with self._closing:  # nothing is put in behind the end of the queue
            if self._closed:
                raise ClosedError(self._place)
            self._tasks.put(item)
        item.done.wait()
        if item.error is not None:
            raise item.error
        result: T = item.result
        return result

    def stop(self) -> None:
        """Finish what is waiting, then end. May be called again."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._tasks.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(STOP_WITHIN_S)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task.run()
