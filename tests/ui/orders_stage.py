"""What the tests of the page Orders share: an order in front, a section of it, typing into a field, leaving it."""

from typing import TypeVar

from PySide6.QtTest import QTest

from tests.ui.two_bays import until
from ui.pages.order_notes import NotesSection
from ui.pages.order_overview import OverviewSection
from ui.pages.order_section import Section
from ui.pages.order_work import WorkSection
from ui.pages.orders import OrdersPage
from ui.pages.orders_field import TextField
from ui.shell import Shell

Kind = TypeVar("Kind", bound=Section)


def page(shell: Shell) -> OrdersPage:
    shell.go("orders")
    found = shell.content.pages["orders"]
    assert isinstance(found, OrdersPage)
    return found


def opened(shell: Shell, row: str, name: str = "") -> OrdersPage:
    """The page with this order in front, in a section of it."""
    found = page(shell)
    found.show_order(row)
    until(lambda: found.editor.shown is not None and found.editor.row == row, "the order is shown")
    if name:
        found.editor.open_section(name)
    return found


def section(shell: Shell, row: str, name: str, kind: type[Kind]) -> Kind:
    """A section of this order, in front."""
    found = opened(shell, row, name).editor.sections[name]
    assert isinstance(found, kind)
    return found


def overview(shell: Shell, row: str) -> OverviewSection:
    """The overview of this order, with what is read for it."""
    found = section(shell, row, "overview", OverviewSection)
    until(lambda: found.found is not None, "where it may go is read")
    return found


def work(shell: Shell, row: str) -> WorkSection:
    return section(shell, row, "work", WorkSection)


def notes(shell: Shell, row: str) -> NotesSection:
    return section(shell, row, "notes", NotesSection)


def type_into(field: TextField, text: str) -> None:
    field.editor.setFocus()
    field.editor.selectAll()
    QTest.keyClicks(field.editor, text)


def leave(field: TextField) -> None:
    field.window().setFocus()
