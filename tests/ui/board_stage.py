"""What the tests of the board share: cards of all kinds, the page in front, and a hand."""

import time
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import core.models  # noqa: F401 - an order that is opened reads all of its tables
from core.people.roles import Actor, Role
from core.people.staff import create_staff
from core.vehicles.vehicles import create_vehicle
from core.workshop.moving import move
from core.workshop.orders import RepairOrderView
from tests.ui.conftest import settle
from tests.ui.two_bays import Bay, until
from ui.pages.board import BoardPage
from ui.pages.registry import ENTRIES
from ui.shell import Shell

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("board", "orders"))
FINGER = QPointingDevice(
    "finger", 7, QInputDevice.DeviceType.TouchScreen, QPointingDevice.PointerType.Finger,
    QInputDevice.Capability.Position, 1, 0,
)  # fmt: skip


def opened(shell: Shell) -> BoardPage:
    """The board in front, read."""
    shell.go("board")
    found = shell.content.pages["board"]
    assert isinstance(found, BoardPage)
    found.canvas.animated = False
    settle()  # what was written before is on its way to the window
    until(lambda: found.in_step, "the board is read")
    return found


def new_card(bay: Bay, plate: str = "", **fields: object) -> RepairOrderView:
    """An order at a terminal, of a vehicle when a plate is given."""
    if plate:
        work = lambda session: create_vehicle(session, bay.actor, {"plate": plate})  # noqa: E731
        fields["vehicle_id"] = bay.records.change(bay.actor.reference, work).value.id
    return bay.new_order(**{"complaint": "rattles", **fields})


def somebody(bay: Bay, name: str, role: Role = Role.TECHNICIAN) -> Actor:
    work = lambda session: create_staff(session, bay.actor, {"name": name, "role": role.value})  # noqa: E731
    return Actor("staff", bay.records.change(bay.actor.reference, work).value.id, name, role)


def move_there(bay: Bay, actor: Actor, order: str, status: str) -> None:
    work = lambda session: move(session, actor, order, status, anyway=True)  # noqa: E731
    bay.records.change(actor.reference, work)


def column_of(page: BoardPage, order: str) -> str:
    """Where a card is shown."""
    return next((c.status for c in page.canvas.shown.columns if order in [card.id for card in c.cards]), "")


@dataclass
class Hand:
    """A mouse, or a finger, on the canvas."""

    page: BoardPage
    finger: bool = False

    def _send(self, kind: QEvent.Type, at: QPointF, *, down: bool) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind is QEvent.Type.MouseMove else left
        canvas = self.page.canvas
        rest: tuple[Any, ...] = (button, left if down else none, Qt.KeyboardModifier.NoModifier)
        spot = canvas.mapToGlobal(at.toPoint())
        device = (FINGER,) if self.finger else ()
        QApplication.sendEvent(canvas, QMouseEvent(kind, at, QPointF(spot), *rest, *device))

    def down(self, at: QPointF) -> None:
        self._send(QEvent.Type.MouseButtonPress, at, down=True)

    def to(self, at: QPointF) -> None:
        self._send(QEvent.Type.MouseMove, at, down=True)

    def up(self, at: QPointF) -> None:
        self._send(QEvent.Type.MouseButtonRelease, at, down=False)

    def middle(self, order: str) -> QPointF:
        rect = self.page.canvas.rect_of(order)
        assert rect is not None
        return rect.center()

    def column(self, status: str) -> QPointF:
        box = self.page.canvas.box_of(status)
        assert box is not None
        return QPointF(box.left + box.width / 2 - self.page.canvas.across, self.page.canvas.head + 200)

    def drag(self, order: str, status: str) -> None:
        """Take a card and let it go in a column."""
        start, end = self.middle(order), self.column(status)
        self.down(start)
        if self.finger:
            until(lambda: self.page.canvas.lifted is not None, "a finger that holds lifts the card")
        self.to((start + end) / 2)
        self.to(end)
        self.up(end)

    def tap(self, at: QPointF) -> None:
        self.down(at)
        self.up(at)


def key(page: BoardPage, which: Qt.Key, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(page.canvas, which, modifier)


def corner(page: BoardPage, order: str) -> QPointF:
    """The clock of a card."""
    rect = page.canvas.rect_of(order)
    assert rect is not None
    return rect.bottomRight() - QPointF(QPoint(20, 20))


def wait(seconds: float) -> None:
    """Let the window live for a moment in which nothing is to happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
