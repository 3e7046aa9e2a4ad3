"""Work and notes of an order: clocked by one tap, tasks with their own people, the last look, whom a note calls."""

import pytest

from core.people.roles import SYSTEM, Actor, Role
from core.people.staff import create_staff
from core.vehicles.vehicles import create_vehicle
from core.workshop.clock import clocked_on
from core.workshop.lines import create_line, list_lines
from core.workshop.mentions import unread_counts
from core.workshop.notes import add_note, list_notes
from core.workshop.quality import last_check
from core.workshop.recommendations import create_recommendation
from core.workshop.tasks import TaskView, tasks_of
from tests.ui.orders_stage import notes, opened, overview, work
from tests.ui.two_bays import Bay, until
from ui.pages import order_notes
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.words_sheet import WordsSheet


def somebody(bay: Bay, name: str, role: str = "technician") -> str:
    fields = {"name": name, "role": role}
    return bay.records.change("system", lambda session: create_staff(session, SYSTEM, fields)).value.id


def sign_in(bay: Bay, id_: str, name: str, role: Role, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Somebody of the staff stands at the terminal."""
    actor = Actor("staff", id_, name, role)
    monkeypatch.setattr(type(bay.context), "actor", property(lambda _: actor))
    return actor


def on(bay: Bay) -> list[tuple[str | None, str | None]]:
    with bay.records.read() as session:
        return [(each.staff_id, each.order_id) for each in clocked_on(session)]


def tasks(bay: Bay, order: str) -> tuple[TaskView, ...]:
    with bay.records.read() as session:
        return tasks_of(session, [order])


# --- the clock


def test_one_tap_clocks_on_off_and_over_from_another_job(
    one: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = somebody(one, "Tom Fischer")
    sign_in(one, tom, "Tom Fischer", Role.TECHNICIAN, monkeypatch)
    second = one.new_order(complaint="Another one")
    one.set(order, status="arrived")
    found = work(window, order)
    until(lambda: "Clock on" in found.clock.turn.text(), "it is offered")
    assert not found.clock.begun.isVisible(), "nobody is on it"
    found.clock.turn.click()
    until(lambda: on(one) == [(tom, order)], "on")
    until(lambda: "Tom Fischer" in found.clock.on.text() and "Clock off" in found.clock.turn.text(), "it is shown")
    assert one.order(order).status == "arrived", "clocking on moves nothing by itself"
    found.clock.begun.click()
    until(lambda: one.order(order).status == "in_progress", "it is offered beside")
    until(lambda: not found.clock.begun.isVisible(), "once")
    opened(window, second.id, "work")
    until(lambda: "Switch here from" in found.clock.turn.text(), "over from the other job")
    found.clock.turn.click()
    until(lambda: on(one) == [(tom, second.id)], "one open clock a person")
    until(lambda: "Clock off" in found.clock.turn.text(), "it is shown")
    found.clock.turn.click()
    until(lambda: on(one) == [], "off")


def test_where_nobody_is_signed_in_the_clock_asks_whose_hours_these_are(one: Bay, order: str, window: Shell) -> None:
    tom = somebody(one, "Tom Fischer")
    found = work(window, order)
    until(found.clock.turn.isEnabled, "it can be pressed")
    found.clock.turn.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    sheet.buttons[tom].click()
    until(lambda: on(one) == [(tom, order)], "his")


def test_hours_worked_stand_beside_hours_estimated(one: Bay, order: str, window: Shell) -> None:
    fields = {"order_id": order, "kind": "labour", "description": "Pads", "quantity": 2500}
    one.records.change("system", lambda session: create_line(session, SYSTEM, fields))
    found = work(window, order)
    until(lambda: found.clock.title.text() == "0 h of 2.5 h", "what was said")


# --- tasks


def test_a_task_is_typed_given_to_somebody_and_done_by_tap(one: Bay, order: str, window: Shell) -> None:
    tom = somebody(one, "Tom Fischer")
    box = work(window, order).tasks
    box.field.setText("Brakes, front")
    box.add()
    until(lambda: len(tasks(one, order)) == 1, "it is there")
    until(lambda: len(box.rows) == 1 and not box.field.text(), "it is shown")
    row = next(iter(box.rows.values()))
    row.who.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    sheet.buttons[tom].click()
    until(lambda: tasks(one, order)[0].technician_id == tom, "it is his")
    row.hours.click()
    pad = dialogs.sheets(window)[-1]
    assert isinstance(pad, AmountSheet)
    pad.type("1.5")
    pad.keep.click()
    until(lambda: tasks(one, order)[0].expected_hours == 1500, "so long")
    row.done.click()
    until(lambda: tasks(one, order)[0].done_at is not None, "it is done")
    until(row.done.isChecked, "it is shown")
    row.done.click()
    until(lambda: tasks(one, order)[0].done_at is None, "after all not")


def test_a_task_that_was_removed_can_be_had_back(one: Bay, order: str, window: Shell) -> None:
    box = work(window, order).tasks
    box.field.setText("Brakes")
    box.add()
    until(lambda: len(box.rows) == 1, "it is there")
    next(iter(box.rows.values())).remove.click()
    until(lambda: not tasks(one, order), "it is gone")
    until(lambda: any(each.accessibleName().startswith("Removed") for each in toast.shown(window)), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: len(box.rows) == 1, "it is back")


def test_a_task_being_typed_waits_at_its_order(one: Bay, order: str, window: Shell) -> None:
    second = one.new_order(complaint="Another one")
    box = work(window, order).tasks
    box.field.setText("Brakes, fr")
    opened(window, second.id, "work")
    assert box.field.text() == ""
    opened(window, order, "work")
    assert box.field.text() == "Brakes, fr"


# --- quality


def test_what_does_not_pass_says_why(one: Bay, order: str, window: Shell) -> None:
    box = work(window, order).quality
    box.failed.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, WordsSheet)
    assert not sheet.keep.isEnabled(), "without a reason it is no help to anybody"
    sheet.field.setText("Wheel nuts not torqued")
    sheet.submit()
    until(lambda: "Wheel nuts not torqued" in box.said.text(), "it is shown")
    with one.records.read() as session:
        check = last_check(session, order)
    assert check is not None
    assert not check.passed
    box.passed.click()
    until(box.passed.isChecked, "then it passes")
    assert not box.failed.isChecked()


# --- advice of earlier visits


def test_advice_of_an_earlier_visit_comes_back_and_is_taken_up(one: Bay, order: str, window: Shell) -> None:
    car = one.records.change("system", lambda session: create_vehicle(session, SYSTEM, {"plate": "HH AB 123"})).value
    one.set(order, vehicle_id=car.id)
    fields = {"vehicle_id": car.id, "description": "Renew the timing belt", "kind": "labour", "unit_price": 9800}
    one.records.change("system", lambda session: create_recommendation(session, SYSTEM, fields))
    found = overview(window, order)
    until(lambda: len(found.advice.rows) == 1 and found.advice.isVisible(), "it comes back")
    found.advice.rows[0].take.click()

    def lines() -> list[str | None]:
        with one.records.read() as session:
            return [each.description for each in list_lines(session, order)]

    until(lambda: lines() == ["Renew the timing belt"], "it is a line")
    until(lambda: not found.advice.isVisible(), "and no advice any more")
    toast.shown(window)[-1].undo.click()
    until(lambda: lines() == [] and found.advice.isVisible(), "taken back, it comes back")


# --- notes


def test_a_name_is_pressed_into_a_note_and_that_person_finds_it_unread(
    one: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = somebody(one, "Tom Fischer")
    box = notes(window, order).notes
    until(lambda: "Tom Fischer" in box.names, "he can be called upon")
    box.names["Tom Fischer"].click()
    box.editor.insertPlainText("please look at the hose")
    box.add.click()

    def kept() -> bool:
        with one.records.read() as session:
            return [each.mentions for each in list_notes(session, order).items] == [(tom,)]

    until(kept, "it is for him")


def test_notes_of_others_are_unread_until_they_were_in_front_for_a_moment(
    one: Bay, order: str, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_notes, "SEEN_AFTER_MS", 20)
    tom, anna = somebody(one, "Tom Fischer"), somebody(one, "Anna Berg", "adviser")
    author = Actor("staff", anna, "Anna Berg", Role.ADVISER)
    fields = {"order_id": order, "text": "@Tom please call her"}
    one.records.change(author.reference, lambda session: add_note(session, author, fields))
    sign_in(one, tom, "Tom Fischer", Role.TECHNICIAN, monkeypatch)

    def unread() -> int:
        with one.records.read() as session:
            return unread_counts(session, tom, [order]).get(order, 0)

    tab = opened(window, order, "work").editor.tabs.tabs["notes"]
    until(lambda: tab.caption() == "1 unread", "the tab says it")
    assert unread() == 1
    opened(window, order, "notes")
    until(lambda: unread() == 0, "he has seen it")
    until(lambda: tab.caption() == "1", "the tab says it")
