"""Work off the window's thread: its answer comes back on it, or to nobody when the one who asked is gone."""

import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import settle
from tests.ui.two_bays import until
from ui import background


def test_the_answer_comes_on_the_thread_of_the_window(qapp: QApplication) -> None:
    owner = QObject()
    threads: list[threading.Thread] = []
    background.run(owner, threading.current_thread, lambda there: threads.extend((there, threading.current_thread())))
    assert background.busy()
    until(lambda: threads, "the answer comes")
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()
    assert not background.busy()


def test_who_is_gone_is_told_nothing_and_nothing_breaks(qapp: QApplication) -> None:
    told: list[object] = []
    for _ in range(200):
        owner = QObject()
        background.run(owner, lambda: 1, told.append, told.append)
        owner.deleteLater()
        del owner
        settle()
    background.finish(5)
    settle()
    assert not background.busy()


def test_finish_waits_for_what_was_asked_for(qapp: QApplication) -> None:
    owner, done = QObject(), threading.Event()
    background.run(owner, done.set, lambda _: None)
    background.finish(5)
    assert done.is_set()
