"""Taking back from every page: Ctrl+Z, the rail, the message, and the list of one's own changes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy.orm import Session

from core.workshop.invoice_models import Payment
from core.workshop.orders import change_repair_order
from tests.ui.conftest import settle
from tests.ui.people_stage import Staff, hire
from tests.ui.test_people import said, window_of
from tests.ui.two_bays import Bay, until
from ui.pages.changes import ChangesPage
from ui.pages.changes_mine import MyChanges
from ui.shell import Shell
from ui.widgets import toast

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    made = window_of(one)
    yield made
    made.end()
    made.deleteLater()
    settle()


@pytest.fixture
def staff(shell: Shell, one: Bay) -> Staff:
    made = hire(one)
    made.sign_in("Anna Berg")
    return made


def mine(shell: Shell, cards: int) -> MyChanges:
    shell.go("changes")
    page = shell.content.pages["changes"]
    assert isinstance(page, ChangesPage)
    page.show_mine()
    until(lambda: len(page.mine.cards) == cards, f"{cards} changes of mine are listed")
    return page.mine


def press(shell: Shell, key: Qt.Key) -> None:
    page = shell.content.pages[shell.content.current]
    page.setFocus()
    QTest.keyClick(page, key, CONTROL)


def test_a_payment_stays_and_says_so_and_the_next_press_goes_on(shell: Shell, staff: Staff, one: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    one.set(order, complaint="Squeals")

    def pay(session: Session) -> None:
        session.add(Payment(amount=500, way="cash"))

    one.records.change(one.actor.reference, pay)
    shell.go("bays")
    press(shell, Qt.Key.Key_Z)
    until(lambda: "A payment stays" in said(shell), "it says so")
    assert one.order(order).complaint == "Squeals"
    press(shell, Qt.Key.Key_Z)
    until(lambda: one.order(order).complaint == "Noise", "the change before it is taken back")


def test_ctrl_z_takes_back_and_ctrl_y_does_again(shell: Shell, staff: Staff, one: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    one.set(order, complaint="Squeals")
    shell.go("bays")
    press(shell, Qt.Key.Key_Z)
    until(lambda: one.order(order).complaint == "Noise", "it is taken back")
    until(lambda: "Taken back: Repair order" in said(shell), "it says so")
    message = toast.shown(shell)[-1]
    assert "Complaint: Squeals → Noise" in {each.text() for each in message.findChildren(QLabel)}, "what changed"
    assert message.undo.text().strip() == "Do again", "not a second Undo"
    press(shell, Qt.Key.Key_Y)
    until(lambda: one.order(order).complaint == "Squeals", "it is done again")
    until(lambda: "Done again: Repair order" in said(shell), "it says so")


def test_in_a_text_field_ctrl_z_is_the_field_s_own(shell: Shell, staff: Staff, one: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    one.set(order, complaint="Squeals")
    shell.go("orders")
    search = shell.content.pages["orders"].search  # type: ignore[attr-defined]
    search.setFocus()
    QTest.keyClicks(search, "abc")
    QTest.keyClick(search, Qt.Key.Key_Z, CONTROL)
    settle()
    assert search.text() != "abc"
    assert one.order(order).complaint == "Squeals"


def test_on_a_wall_without_a_keyboard_the_rail_does_it(shell: Shell, staff: Staff, one: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    one.set(order, complaint="Squeals")
    shell.content.rail.back.click()
    until(lambda: one.order(order).complaint == "Noise", "it is taken back")


def test_the_message_takes_back_what_it_tells_of_and_nothing_later(shell: Shell, staff: Staff, one: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    actor = one.actor
    changed = one.records.change(
        actor.reference, lambda session: change_repair_order(session, actor, order, {"complaint": "Squeals"})
    )
    shell.offer_undo("Complaint: Squeals", changed.changes)
    one.set(order, cause="Pads")
    toast.shown(shell)[-1].undo.click()
    until(lambda: one.order(order).complaint == "Noise", "it is taken back")
    assert one.order(order).cause == "Pads"


def test_nothing_to_take_back_is_said(shell: Shell, staff: Staff) -> None:
    shell.content.rail.back.click()
    until(lambda: "nothing of yours to take back" in said(shell), "it says so")


def test_nobody_signed_in_takes_nothing_back(shell: Shell, staff: Staff, one: Bay) -> None:
    one.context.people.sign_out()
    assert shell.content.rail.back.is_closed()
    shell.content.rail.back.click()
    assert "Sign in first" in said(shell)


def test_the_list_has_ones_own_changes_and_what_is_possible(shell: Shell, staff: Staff, one: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    one.set(order, complaint="Squeals")
    listed = mine(shell, 2)
    assert listed.cards[0].change.item.lines[0].after == "Squeals"
    listed.cards[0].button.click()
    until(lambda: listed.cards[0].change.deed.undone, "the list says so")
    assert one.order(order).complaint == "Noise"
    assert listed.cards[0].button.text().strip() == "Do again"
    listed.cards[0].button.click()
    until(lambda: one.order(order).complaint == "Squeals", "it is done again")


def test_what_somebody_else_changed_since_is_named_and_cannot_be_pressed(shell: Shell, staff: Staff, one: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    one.set(order, cause="Pads")
    staff.sign_in("Tom Huber")
    one.set(order, cause="Discs")
    staff.sign_in("Anna Berg")
    listed = mine(shell, 2)
    assert not listed.cards[0].button.isEnabled()
    assert "Changed since by Tom Huber on Bay 1." in listed.cards[0].state.text()


def test_what_was_done_on_another_terminal_is_there_too(shell: Shell, staff: Staff, one: Bay, other: Bay) -> None:
    order = one.new_order(complaint="Noise").id
    other.meet(one)
    anna = one.actor
    other.records.change(
        anna.reference, lambda session: change_repair_order(session, anna, order, {"complaint": "Squeals"})
    )
    one.meet(other)
    listed = mine(shell, 2)
    assert listed.cards[0].change.item.terminal == "Bay 2"
    listed.cards[0].button.click()
    until(lambda: one.order(order).complaint == "Noise", "it is taken back")


def test_each_sees_their_own_list(shell: Shell, staff: Staff, one: Bay) -> None:
    one.new_order(complaint="Noise")
    mine(shell, 1)
    staff.sign_in("Tom Huber")
    assert "can be taken back" in mine(shell, 0).empty.text()
