"""One order on two terminals: alive while the other writes, and nothing typed is overwritten or lost."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from core.people.roles import Actor, Role
from core.records.errors import DiskFull
from core.workshop.orders import list_repair_orders
from tests.ui.conftest import settle
from tests.ui.orders_stage import leave, notes, opened, page, type_into, work
from tests.ui.two_bays import Bay, quarrel, until
from ui import order_notes_reading
from ui.shell import Shell


def test_what_another_terminal_writes_appears_and_nothing_moves(one: Bay, other: Bay, window: Shell) -> None:
    ids = [one.new_order(complaint=f"Job {n}").id for n in range(40)]
    other.meet(one)
    found = opened(window, ids[20], "work")
    texts = work(window, ids[20]).texts
    until(lambda: len(found.list.shown.rows) == 40, "all are there")
    found.list.verticalScrollBar().setValue(found.list.verticalScrollBar().maximum() // 2)
    texts["cause"].editor.setFocus()
    settle()
    scroll = found.list.verticalScrollBar().value()
    other.set(ids[20], complaint="Job 20, and the horn")
    other.set(ids[3], status="ready")
    other.meet(one)
    field = texts["complaint"]
    until(lambda: field.text() == "Job 20, and the horn", "the editor follows")
    until(lambda: found.list.shown.rows[found.list.shown.place(ids[3])].status == "ready", "the list follows")
    assert found.list.verticalScrollBar().value() == scroll
    assert found.list.currentIndex().row() == found.list.shown.place(ids[20])
    assert texts["cause"].editor.hasFocus()


def test_an_order_made_elsewhere_comes_to_its_place(one: Bay, other: Bay, order: str, window: Shell) -> None:
    found = page(window)
    until(lambda: len(found.list.shown.rows) == 1, "the first is there")
    made = other.new_order(complaint="From the other bay")
    other.meet(one)
    until(lambda: [each.id for each in found.list.shown.rows] == [made.id, order], "the new one is on top")


def test_typing_is_never_overwritten_and_theirs_stands_beside(one: Bay, other: Bay, order: str, window: Shell) -> None:
    field = work(window, order).texts["cause"]
    type_into(field, "Pads worn")
    other.set(order, cause="Disc cracked")
    other.meet(one)
    until(field.beside.isVisible, "theirs stands beside")
    assert field.text() == "Pads worn"
    said = field.beside.words.text()
    assert said.startswith("Bay 2 changed this to “Disc cracked” at ")
    QTest.keyClicks(field.editor, " to 1 mm")
    assert field.text() == "Pads worn to 1 mm"


def test_theirs_can_be_taken(one: Bay, other: Bay, order: str, window: Shell) -> None:
    field = work(window, order).texts["cause"]
    type_into(field, "Pads worn")
    other.set(order, cause="Disc cracked")
    other.meet(one)
    until(field.beside.isVisible, "theirs stands beside")
    field.beside.take_button.click()
    assert field.text() == "Disc cracked"
    leave(field)
    settle()
    assert not field.beside.isVisible()
    assert one.order(order).cause == "Disc cracked"


def test_mine_can_be_kept_and_goes_to_everybody(one: Bay, other: Bay, order: str, window: Shell) -> None:
    field = work(window, order).texts["cause"]
    type_into(field, "Pads worn")
    other.set(order, cause="Disc cracked")
    other.meet(one)
    until(field.beside.isVisible, "theirs stands beside")
    field.beside.keep_button.click()
    until(lambda: one.order(order).cause == "Pads worn", "mine is kept")
    other.meet(one)
    assert other.order(order).cause == "Pads worn"
    assert not field.beside.isVisible()


def test_leaving_without_an_answer_keeps_mine_and_theirs_can_still_be_taken(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    field = work(window, order).texts["cause"]
    type_into(field, "Pads worn")
    other.set(order, cause="Disc cracked")
    other.meet(one)
    until(field.beside.isVisible, "theirs stands beside")
    leave(field)
    until(lambda: one.order(order).cause == "Pads worn", "mine is kept")
    settle()
    assert field.beside.isVisible()
    field.beside.take_button.click()
    until(lambda: one.order(order).cause == "Disc cracked", "theirs is taken")


def test_words_typed_into_one_order_never_end_up_in_another(one: Bay, order: str, window: Shell) -> None:
    second = one.new_order(complaint="Another one")
    found = opened(window, order, "work")
    texts = work(window, order).texts
    type_into(texts["cause"], "Pads worn")
    found.show_order(second.id)
    assert texts["cause"].editor.isReadOnly(), "until the other one is read"
    QTest.keyClicks(texts["cause"].editor, " x")
    until(lambda: found.editor.shown is not None, "the other one is shown")
    until(lambda: one.order(order).cause == "Pads worn", "it is kept where it belongs")
    found.editor.flush()
    settle()
    assert one.order(second.id).cause is None


def test_a_note_that_could_not_be_kept_survives_going_elsewhere(
    one: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = one.new_order(complaint="Another one")
    found = opened(window, order)

    def full(*_: object) -> None:
        raise DiskFull("records.db")

    monkeypatch.setattr(order_notes_reading, "write_note", full)
    notes(window, order).notes.editor.setPlainText("Call before ordering")
    found.show_order(second.id)
    until(lambda: any("Call before ordering" in each.detail for each in window.context.problems), "it is kept")


def test_a_language_changed_while_typing_loses_nothing(one: Bay, order: str, window: Shell) -> None:
    field = work(window, order).texts["cause"]
    type_into(field, "Pads worn")
    window.retranslate()
    until(lambda: one.order(order).cause == "Pads worn", "it is kept")
    settle()
    assert window.context.problems == type(window.context.problems)(maxlen=200)


def test_a_field_nobody_is_typing_into_just_follows(one: Bay, other: Bay, order: str, window: Shell) -> None:
    editor = work(window, order)
    type_into(editor.texts["cause"], "Pads worn")
    other.set(order, complaint="Noise when braking, front left", correction="None yet")
    other.meet(one)
    until(lambda: editor.texts["complaint"].text() == "Noise when braking, front left", "it follows")
    assert editor.texts["correction"].text() == "None yet"
    assert not editor.texts["complaint"].beside.isVisible()
    assert editor.texts["cause"].text() == "Pads worn"


def test_a_status_set_differently_is_a_card_on_the_order_and_one_press_ends_it(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    one.set(order, status="ready")
    other.set(order, status="awaiting_parts")
    other.meet(one)
    found = opened(window, order)
    until(lambda: len(found.editor.cards) == 1, "the card is there")
    first = found.list.shown.index(0, 0)
    until(lambda: "set differently on two terminals" in str(first.data()), "the list says it too")
    card = found.editor.cards[0]
    button = next(each for each in card.findChildren(QAbstractButton) if "Awaiting parts" in each.accessibleName())
    button.click()
    until(lambda: one.order(order).disputed == () and one.order(order).status == "awaiting_parts", "it is settled")
    until(lambda: not found.editor.cards, "the card is gone")
    other.meet(one)
    assert other.order(order).disputed == ()
    assert other.order(order).status == "awaiting_parts"


@pytest.mark.parametrize("winner", [True, False])
def test_the_card_comes_by_itself_whoever_is_shown_and_goes_when_somebody_chose(
    one: Bay, other: Bay, order: str, window: Shell, winner: bool
) -> None:
    found = opened(window, order)
    one.set(order, status="ready" if winner else "awaiting_parts")
    other.set(order, status="awaiting_parts" if winner else "ready")
    other.meet(one)
    until(lambda: len(found.editor.cards) == 1, "the card comes")
    until(lambda: found.list.shown.rows[0].disputed, "the list says it too")
    other.set(order, status="ready")
    other.meet(one)
    until(lambda: not found.editor.cards, "the card goes")
    until(lambda: not found.list.shown.rows[0].disputed, "from the list as well")


def test_a_value_that_won_over_another_one_says_so_too(one: Bay, other: Bay, order: str, window: Shell) -> None:
    found = opened(window, order)
    other.set(order, cause="Disc cracked")
    one.set(order, cause="Pads worn")  # later: nothing reads differently here when they meet
    one.meet(other)
    until(lambda: len(found.editor.cards) == 1, "the card comes")
    assert "that of Bay 2" in found.editor.cards[0].sentence.text()


def test_the_second_tap_of_a_double_tap_does_not_decide_what_comes_up_under_it(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    found = opened(window, order)
    quarrel(one, other, order)
    until(lambda: len(found.editor.cards) == 2, "a conflict and a replaced value")

    def first() -> QAbstractButton:
        return found.editor.cards[0].findChildren(QAbstractButton)[0]

    until(lambda: first().isEnabled(), "it can be pressed")
    first().click()
    until(lambda: len(found.editor.cards) == 1, "the conflict is over")
    assert not first().isEnabled()
    until(lambda: first().isEnabled(), "a moment later it can be pressed")


def test_the_loser_sees_what_was_replaced_on_the_order_and_has_it_back(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    found = opened(window, order, "work")
    texts = work(window, order).texts
    type_into(texts["cause"], "Pads worn")
    leave(texts["cause"])
    until(lambda: one.order(order).cause == "Pads worn", "it is kept")
    other.set(order, cause="Disc cracked")  # later, without knowing of it
    other.meet(one)
    until(lambda: texts["cause"].text() == "Disc cracked", "the later one is shown")
    until(lambda: len(found.editor.cards) == 1, "the card is there")
    assert "yours of" in found.editor.cards[0].sentence.text()
    back = next(
        each for each in found.editor.cards[0].findChildren(QAbstractButton) if "Restore" in each.accessibleName()
    )
    back.click()
    until(lambda: texts["cause"].text() == "Pads worn", "it is back")
    other.meet(one)
    assert other.order(order).cause == "Pads worn"
    until(lambda: not found.editor.cards, "nothing waits any more")


def test_who_may_not_change_is_told_and_nothing_is_written(one: Bay, order: str, dressed: QApplication) -> None:
    member = one.context.membership
    assert member is not None
    viewer = Actor("terminal", one.records.terminal_id, "Bay 1", Role.VIEWER)
    one.context.membership = type(member)(
        member.workshop, member.terminal_id, member.device_id, member.records, member.link, viewer
    )
    shell = one.window()
    field = work(shell, order).texts["cause"]
    type_into(field, "Pads worn")
    leave(field)
    until(field.trouble.isVisible, "it is said")
    assert "This is for" in field.trouble.words.text()
    assert field.text() == "Pads worn"
    shell.end()
    shell.deleteLater()
    with one.records.read() as session:
        assert list_repair_orders(session).items[0].cause is None
