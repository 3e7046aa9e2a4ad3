"""Garbage with Qt's objects in it is collected on the window's thread, whoever made the garbage before."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from tests.ui.two_bays import until
from ui import garbage


class Ring(QObject):
    """Refers to itself: only the collector destroys it."""

    def __init__(self) -> None:
        super().__init__()
        self.self = self


def make_garbage(many: int) -> None:
    for _ in range(many):
        ring: list[object] = []
        ring.append(ring)


def test_what_goes_is_destroyed_on_the_windows_thread_however_busy_others_are(qapp: QApplication) -> None:
    garbage.keep_here(qapp)
    garbage.keep_here(qapp)
    assert len(qapp.findChildren(garbage.Collector)) == 1
    assert not gc.isenabled()
    where: list[threading.Thread] = []
    for _ in range(50):
        weakref.finalize(Ring(), lambda: where.append(threading.current_thread()))
    busy = threading.Thread(target=make_garbage, args=(100_000,))
    busy.start()
    busy.join()
    assert not where, "another thread collects nothing"
    until(lambda: len(where) == 50, "the timer of the window's thread collects")
    assert set(where) == {threading.main_thread()}


def test_a_generation_is_collected_when_it_is_due(qapp: QApplication) -> None:
    garbage.keep_here(qapp)
    gc.collect()
    garbage.collect()
    before = gc.get_stats()
    garbage.collect()
    assert gc.get_stats() == before, "nothing is due"
    kept = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
    garbage.collect()
    assert gc.get_stats()[0]["collections"] == before[0]["collections"] + 1
    assert kept
