"""What the tests of the page Orders share: an order in front, typing into a field of it, leaving it."""

from PySide6.QtTest import QTest

from tests.ui.two_bays import until
from ui.pages.orders import OrdersPage
from ui.pages.orders_field import TextField
from ui.shell import Shell


def page(shell: Shell) -> OrdersPage:
    shell.go("orders")
    found = shell.content.pages["orders"]
    assert isinstance(found, OrdersPage)
    return found


def opened(shell: Shell, row: str) -> OrdersPage:
    """The page with this order in front."""
    found = page(shell)
    found.show_order(row)
    until(lambda: found.editor.shown is not None and found.editor.row == row, "the order is shown")
    return found


def type_into(field: TextField, text: str) -> None:
    field.editor.setFocus()
    field.editor.selectAll()
    QTest.keyClicks(field.editor, text)


def leave(field: TextField) -> None:
    field.window().setFocus()
