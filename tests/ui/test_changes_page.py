"""Changes: what came from whom, what was replaced, what waits for a decision; two terminals and a cable."""

from functools import partial
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton
from sqlalchemy.orm import Session

from core.people.roles import SYSTEM
from core.people.staff import create_staff, set_pin
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimates import decide
from core.workshop.invoice_reading import InvoiceView
from core.workshop.invoices import issue_invoice
from core.workshop.lines import create_line
from core.workshop.notes import add_note
from core.workshop.payments import record_payment
from core.workshop.shop import change_shop
from tests.ui.conftest import settle
from tests.ui.two_bays import Bay, until
from ui import changes_reading
from ui.changes_reading import Item, Which, read_page
from ui.pages.changes import ChangesPage
from ui.pages.changes_cards import ConflictWidget, ReplacedWidget
from ui.pages.changes_feed import heading, line_words, title
from ui.shell import Shell
from ui.widgets import toast


def page(shell: Shell) -> ChangesPage:
    shell.go("changes")
    found = shell.content.pages["changes"]
    assert isinstance(found, ChangesPage)
    until(lambda: found.feed.feed.items or found.filter.value() != Which.ALL, "the feed is read")
    return found


def items(shell: Shell) -> list[Item]:
    return page(shell).feed.feed.items


def only(found: ChangesPage, wanted: set[bool]) -> bool:
    return {each.here for each in found.feed.feed.items} == wanted


def press(card: object, words: str) -> None:
    assert isinstance(card, ReplacedWidget | ConflictWidget)
    next(each for each in card.findChildren(QAbstractButton) if words in each.accessibleName()).click()


def test_a_change_says_who_where_what_and_old_and_new(one: Bay, other: Bay, order: str, window: Shell) -> None:
    one.set(order, key_tag="17")
    other.meet(one)
    other.set(order, key_tag="18", status="in_progress")
    other.meet(one)
    until(lambda: items(window)[0].number > 3 and not items(window)[0].here, "it has come")
    latest, before = items(window)[:2]
    assert heading(latest) == "Bay 2"
    assert title(latest).startswith("Repair order ")
    assert {line_words(line) for line in latest.lines} == {"Key tag: 17 → 18", "Status: Booked → In progress"}
    assert heading(before) == "This terminal"
    assert "(new)" in title(items(window)[2])


def test_what_was_paid_names_its_invoice_by_its_number(one: Bay, order: str) -> None:
    def work(session: Session) -> InvoiceView:
        change_shop(session, one.actor, {"name": "Schmidt", "invoice_holder_id": one.records.terminal_id})
        fields = {"order_id": order, "kind": "fee", "description": "Work", "unit_price": 10_000}
        decide(session, one.actor, order, [(create_line(session, one.actor, fields).id, "approved")], {})
        return issue_invoice(session, one.actor, order)

    paper = one.records.change(one.actor.reference, work).value
    assert paper.number
    paid = {"invoice_id": paper.id, "amount": 500, "way": "cash"}
    one.records.change(one.actor.reference, lambda session: record_payment(session, one.actor, paid))
    latest = read_page(one.records, Which.ALL).items[0]
    lines = {line_words(line) for line in latest.lines}
    assert lines >= {f"Invoice: {paper.number}", "How: Cash", "Amount: $5.00"}, "no machine's words"


def test_the_feed_is_newest_first_and_fetches_as_it_scrolls(
    one: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_reading, "PAGE", 10)
    monkeypatch.setattr(read_page, "__defaults__", (None, 10))
    for n in range(45):
        one.set(order, key_tag=str(n))
    found = page(window)
    until(lambda: found.feed.feed.items[0].lines[0].after == "44", "the newest is on top")
    assert len(found.feed.feed.items) < 45

    def all_read() -> bool:
        found.feed.scrollToBottom()
        return found.feed.feed.before == 0

    until(all_read, "the rest comes")
    numbers = [item.number for item in found.feed.feed.items]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1, "down to the first"


def test_the_filters_tell_here_from_other_terminals(one: Bay, other: Bay, order: str, window: Shell) -> None:
    one.set(order, key_tag="1")
    other.set(order, cause="Disc cracked")
    other.meet(one)
    found = page(window)
    for which, here in ((Which.HERE, True), (Which.OTHERS, False)):
        found.filter.set_value(which)
        found.filter.chosen.emit(which)
        until(partial(only, found, {here}), "only these")
    found.filter.set_value(Which.ALL)
    found.filter.chosen.emit(Which.ALL)
    until(partial(only, found, {True, False}), "all")


def test_what_comes_while_one_reads_does_not_move_the_page(one: Bay, other: Bay, order: str, window: Shell) -> None:
    for n in range(60):
        one.set(order, key_tag=str(n))
    found = page(window)
    until(lambda: len(found.feed.feed.items) >= 40, "it is read")
    bar = found.feed.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    settle()
    seen = found.feed.indexAt(found.feed.viewport().rect().center()).row()
    reading = found.feed.feed.items[seen].number
    newest = found.feed.feed.items[0].number
    other.meet(one)
    other.set(order, cause="Disc cracked")
    other.meet(one)
    until(lambda: found.feed.feed.items[0].number > newest, "it has come")
    settle()
    assert found.feed.feed.items[found.feed.indexAt(found.feed.viewport().rect().center()).row()].number == reading


def test_a_change_of_many_rows_is_counted_by_kind(one: Bay, window: Shell) -> None:
    def work(session: Any) -> None:
        for n in range(7):
            create_vehicle(session, one.actor, {"plate": f"HH {n}"})

    one.records.change(one.actor.reference, work)
    found = page(window)
    until(lambda: found.feed.feed.items[0].lines[0].field == "Vehicle", "it has come")
    assert line_words(found.feed.feed.items[0].lines[0]) == "Vehicle: 7"
    assert title(found.feed.feed.items[0]) == "Vehicle HH 0 and 6 more entries (new)"


def test_a_press_on_a_change_opens_what_it_is_about(one: Bay, order: str, window: Shell) -> None:
    one.set(order, key_tag="17")
    found = page(window)
    until(lambda: found.feed.feed.items[0].lines[0].after == "17", "it has come")
    found.feed.clicked.emit(found.feed.model().index(0, 0))
    assert window.content.current == "orders"
    until(lambda: window.content.pages["orders"].editor.row == order, "it is shown")  # type: ignore[attr-defined]


def test_a_press_on_a_note_opens_its_order(one: Bay, order: str, window: Shell) -> None:
    note = {"order_id": order, "text": "Call before ordering"}
    one.records.change(one.actor.reference, lambda session: add_note(session, one.actor, note))
    found = page(window)
    until(lambda: found.feed.feed.items[0].lines[0].field == "Note", "it has come")
    assert line_words(found.feed.feed.items[0].lines[0]) == "Note: Call before ordering"
    assert "Repair order" in title(found.feed.feed.items[0])
    found.feed.clicked.emit(found.feed.model().index(0, 0))
    until(lambda: window.content.pages["orders"].editor.row == order, "its order is shown")  # type: ignore[attr-defined]


def test_edited_on_both_the_loser_sees_what_was_replaced_and_has_it_back(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    one.set(order, promised_at=1_790_006_400_000)
    other.set(order, promised_at=1_790_013_600_000)  # later: it wins
    one.meet(other)
    assert one.order(order).promised_at == other.order(order).promised_at == 1_790_013_600_000
    until(lambda: window.content.rail.buttons["changes"].count() == 1, "the rail tells")
    found = page(window)
    until(found.banner.isVisible, "the page tells")
    assert found.banner.words.text().endswith(": 1 value replaced")
    found.banner.button.click()
    card = found.cards[0]
    assert isinstance(card, ReplacedWidget)
    assert card.sentence.text().startswith("Bay 2 set “Promised time” at ")
    assert "yours of" in card.sentence.text()
    press(card, "Restore")
    until(lambda: one.order(order).promised_at == 1_790_006_400_000, "it is back")
    until(lambda: not found.cards, "nothing waits any more")
    until(lambda: window.content.rail.buttons["changes"].count() == 0, "the rail tells that too")
    one.meet(other)
    assert other.order(order).promised_at == 1_790_006_400_000


def test_leaving_it_so_takes_it_off_the_list_and_changes_nothing(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    one.set(order, cause="Pads worn")
    other.set(order, cause="Disc cracked")
    one.meet(other)
    found = page(window)
    found.show_replaced()
    until(lambda: len(found.cards) == 1, "the card is there")
    press(found.cards[0], "Leave it so")
    until(lambda: not found.cards, "it is off the list")
    assert one.order(order).cause == "Disc cracked"
    assert found.empty.heading.text() == "Nothing was replaced"


def test_a_conflict_shows_both_and_one_press_settles_it_everywhere(
    one: Bay, other: Bay, order: str, window: Shell
) -> None:
    one.set(order, status="ready")
    other.set(order, status="awaiting_parts")
    one.meet(other)
    found = page(window)
    found.show_replaced()
    until(lambda: len(found.cards) == 1, "the card is there")
    card = found.cards[0]
    assert isinstance(card, ConflictWidget)
    assert {(side.value, side.terminal) for side in card.card.sides} == {
        ("Ready", "Bay 1"),
        ("Awaiting parts", "Bay 2"),
    }
    press(card, "Awaiting parts")
    until(lambda: one.order(order).disputed == (), "it is settled")
    one.meet(other)
    assert (other.order(order).status, other.order(order).disputed) == ("awaiting_parts", ())
    until(lambda: any("Awaiting parts" in each.accessibleName() for each in toast.shown(window)), "it is said")


def test_a_replaced_value_that_is_gone_meanwhile_is_said(
    one: Bay, other: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.set(order, cause="Pads worn")
    other.set(order, cause="Disc cracked")
    one.meet(other)
    found = page(window)
    found.show_replaced()
    until(lambda: len(found.cards) == 1, "the card is there")
    one.records.keep(lambda connection: connection.exec_driver_sql("DELETE FROM replaced_values"))
    press(found.cards[0], "Restore")
    until(lambda: toast.shown(window), "it is said")
    assert window.context.problems[-1].detail


def test_no_pin_is_ever_in_the_feed(one: Bay, window: Shell) -> None:
    def work(session: Any) -> None:
        anna = create_staff(session, SYSTEM, {"name": "Anna", "role": "adviser"})
        set_pin(session, SYSTEM, anna.id, "4711")

    one.records.change("system", work)
    found = page(window)
    until(lambda: "Anna" in found.feed.feed.items[0].what, "it has come")
    lines = [line_words(line) for line in found.feed.feed.items[0].lines]
    assert "PIN: •••" in lines
    assert not any("argon2" in line or "4711" in line for line in lines)
