"""Garbage with Qt's objects in it is collected on the window's thread, whoever made the garbage before."""

import gc
import threading
import time
import weakref

import pytest
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


def collections() -> list[int]:
    return [each["collections"] for each in gc.get_stats()]


def test_a_generation_is_collected_when_it_is_due(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    garbage.keep_here(qapp)
    [collector] = qapp.findChildren(garbage.Collector)
    clock = [collector._full]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    gc.collect()
    before = collections()
    collector.collect()
    assert collections() == before, "nothing is due"
    kept: list[list[object]] = []
    rounds = 0
    while collections()[1] == before[1]:
        kept += [[] for _ in range(2 * gc.get_threshold()[0])]
        collector.collect()
        rounds += 1
    assert rounds == gc.get_threshold()[1] + 2, "the youngest first, time and again"
    while gc.get_count()[2] <= gc.get_threshold()[2] + 3:
        kept += [[] for _ in range(2 * gc.get_threshold()[0])]
        collector.collect()
    assert collections()[2] == before[2], "all of them once a minute at most"
    clock[0] += garbage.FULL_S
    while collections()[2] == before[2] and rounds < 300:
        kept += [[] for _ in range(2 * gc.get_threshold()[0])]
        collector.collect()
        rounds += 1
    assert collections()[2] == before[2] + 1
