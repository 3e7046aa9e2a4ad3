"""The window starts dressed and in the person's language, ends cleanly, and survives a bug."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import language
from tests.ui.conftest import BARE, SETTINGS, settle
from ui import background, pages, qt_words, start, theme
from ui.context import UiContext
from ui.shell import Shell
from ui.widgets import toast


@pytest.fixture
def pages_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "entries", lambda: (BARE, SETTINGS))


@pytest.fixture(autouse=True)
def _windows_go(qapp: QApplication) -> Iterator[None]:
    """The program ends with its window; here the next test comes."""
    yield
    for each in QApplication.topLevelWidgets():
        if isinstance(each, Shell):
            each.deleteLater()
    settle()


def after_start(deed: Callable[[], object]) -> None:
    QTimer.singleShot(200, deed)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send to oneself")
def test_it_can_be_stopped_from_outside_even_in_kiosk_mode(
    dressed: QApplication, context: UiContext, pages_of_the_test: None, number: int
) -> None:
    context.preferences.kiosk = True
    context.set_pin("2580")
    handlers = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    after_start(lambda: os.kill(os.getpid(), number))
    assert start.run(context) == 0
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == handlers


def test_it_is_dressed_as_the_preferences_say(
    dressed: QApplication, context: UiContext, pages_of_the_test: None
) -> None:
    context.preferences.theme = "day"
    start.application(context)
    assert theme.current() == "day"
    assert dressed.applicationDisplayName() == "Bayline"


def test_a_bug_is_noted_and_told_once_and_the_terminal_goes_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    start._report_bugs(shell.context, shell)
    for _ in range(3):
        try:
            raise ZeroDivisionError("by nothing")
        except ZeroDivisionError:
            sys.excepthook(*sys.exc_info())
    assert len(toast.shown(shell)) == 1
    assert len(shell.context.problems) == 3
    assert "ZeroDivisionError" in shell.context.problems[0].detail
    assert caplog.text.count("ZeroDivisionError: by nothing") == 3, "in the log, where somebody looks the next day"
    assert shell.isVisible()


def test_slow_work_answers_on_the_windows_thread(shell: Shell, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []
    answers: list[int] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 42

    def done(result: int) -> None:
        threads.append(threading.current_thread())
        answers.append(result)

    background.run(shell, work, done)
    qtbot.waitUntil(lambda: answers == [42])
    assert threads[0] is not threads[1]
    assert threads[1] is threading.main_thread()


def test_qts_own_words_follow_the_language(dressed: QApplication) -> None:
    language.use("de")
    assert qt_words.speak()
    assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "&Kopieren"
    language.use("en")
    qt_words.speak()
    assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "&Copy"
