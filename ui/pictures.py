"""Pictures of every screen, for the README and for our own eyes: each page and panel, in both themes and two sizes."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QMessageLogContext,
    QSize,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from core.language import tr
from core.people.roles import Role
from ui import background, pages, theme
from ui.context import UiContext
from ui.kiosk import PinGate
from ui.pages import PageEntry
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.pin_sheet import UnlockSheet
from ui.widgets.sign_in_sheet import SignInSheet

SIZES = (QSize(1920, 1080), QSize(1280, 800))
SETTLE_S = 0.4  # for pages that draw at the frame rate
LONGEST_READ_S = 10.0
LONGEST_WAIT_S = 120.0


def settle(seconds: float | None = None) -> None:
    """Let layouts, deferred deletions and a few frames happen, for ``SETTLE_S`` unless told otherwise.

    What a page has asked for off this thread is waited for, and then as long again.
    """
    least = SETTLE_S if seconds is None else seconds
    deadline = time.monotonic() + least
    last = deadline + LONGEST_READ_S
    while time.monotonic() < min(deadline, last):
        busy = background.busy()
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if busy:  # also when the answer has just come: showing it may have taken long
            deadline = time.monotonic() + least
        time.sleep(0.005)


def wait_for_data(context: UiContext, seconds: float) -> bool:
    """Wait until the session holds ``seconds`` of samples; False when that takes too long."""
    deadline = time.monotonic() + LONGEST_WAIT_S + seconds
    while time.monotonic() < deadline:
        span = context.session.signals.span()
        if span is not None and span[1] - span[0] >= seconds:
            return True
        settle(0.1)
    return False


Scene = tuple[str, str, Callable[[Shell], object]]


def scenes(shell: Shell, entries: tuple[PageEntry, ...]) -> Iterator[Scene]:
    """Name, page in front, and what is done there: every page, what pages have besides, and what lies over them."""
    for entry in entries:
        yield entry.name, entry.name, lambda shell: None
        shell.go(entry.name)
        for name, deed in shell.content.pages[entry.name].scenes():
            yield name, entry.name, partial(_page_alone, deed)
    first = entries[0].name
    yield f"{first}-alarm", first, _with_strip
    yield "connection", first, lambda shell: shell.open_connection()
    yield "alarms", first, lambda shell: shell.open_alarms()
    yield "phone", first, lambda shell: shell.open_page_address()
    yield "search", first, lambda shell: shell.open_search()
    yield "keys", first, lambda shell: shell.open_help()
    yield "kiosk-pin", first, _ask_pin
    if shell.context.people.people:
        yield "sign-in", first, _sign_in
        yield "locked", first, _lock


def _page_alone(deed: Callable[[], object], shell: Shell) -> None:
    deed()


def _with_strip(shell: Shell) -> None:
    shell.content.strip.held_back = False


def _ask_pin(shell: Shell) -> None:
    sheet = UnlockSheet(shell, tr("Leave kiosk mode"), PinGate(lambda pin: False))
    for digit in "12":
        sheet.press(digit)
    sheet.open(sheet)


def _sign_in(shell: Shell) -> None:
    shell.people.open_sheet()
    for sheet in dialogs.sheets(shell):
        if isinstance(sheet, SignInSheet) and sheet.tiles:
            sheet.choose(next(iter(sheet.tiles.values())).person)
            for digit in "12":
                sheet.press(digit)


def _lock(shell: Shell) -> None:
    people = shell.context.people
    people.locked_out = people.person.id if people.person is not None else ""
    people.pose(people.people, None)


def _attend(shell: Shell) -> None:
    """Somebody of the staff stands there, everybody has a PIN: whose demo it is, nobody has to sign in."""
    people = shell.context.people
    staff = tuple(replace(each, has_pin=True) for each in people.people)
    who = next((each for each in staff if each.role is Role.OWNER), None)
    if who is not None and (people.person is None or people.person.id != who.id):
        people.pose(staff, who)


@contextmanager
def _hushed() -> Iterator[None]:
    """Without the complaint of Qt's off-screen platform that it cannot pass size hints on to anybody."""
    before = qInstallMessageHandler(None)

    def tell(kind: QtMsgType, place: QMessageLogContext, text: str) -> None:
        if "propagateSizeHints" not in text:
            sys.stderr.write(f"{text}\n")

    qInstallMessageHandler(tell)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


@contextmanager
def _borrowed(context: UiContext) -> Iterator[UiContext]:
    """The context with preferences that are ours to change and that nobody saves."""
    mine = copy(context)
    mine.preferences = replace(context.preferences, kiosk=False, text_scale=1.0)
    mine.save = lambda preferences: None
    yield mine


def draw_all(
    context: UiContext, directory: Path, seconds: float, entries: tuple[PageEntry, ...] | None = None
) -> list[Path]:
    """``NAME-THEME-WIDTHxHEIGHT.png`` for every scene, theme and size; returns the files in order."""
    directory.mkdir(parents=True, exist_ok=True)
    drawn: list[Path] = []
    entries = pages.entries() if entries is None else entries
    with _hushed(), _borrowed(context) as mine:
        shell = Shell(mine, entries)
        shell.resize(SIZES[0])
        shell.show()
        wait_for_data(context, seconds)
        for theme_name in theme.NAMES:
            mine.preferences.theme = theme_name
            shell.dress()
            for size in SIZES:
                shell.resize(size)
                drawn += _draw_scenes(shell, entries, directory, f"{theme_name}-{size.width()}x{size.height()}")
        shell.end()
        shell.deleteLater()
        settle(0.05)
    return drawn


def _draw_scenes(shell: Shell, entries: tuple[PageEntry, ...], directory: Path, suffix: str) -> list[Path]:
    drawn = []
    _attend(shell)
    for name, page, deed in scenes(shell, entries):
        _attend(shell)
        shell.content.strip.held_back = True
        shell.go(page)
        deed(shell)
        shell.show_now()
        settle()
        file = directory / f"{name}-{suffix}.png"
        if not shell.grab().save(str(file)):
            raise OSError(f"{file} could not be written")
        drawn.append(file)
        dialogs.close_all(shell)
        shell.content.hide_page()  # each scene finds its page as it is when one comes to it
    return drawn
