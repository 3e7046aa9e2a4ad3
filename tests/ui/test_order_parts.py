"""The parts of an order: ordered, received and fitted without leaving it, and each step can be taken back."""

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from core.people.roles import SYSTEM
from core.workshop.lines import create_line
from core.workshop.order_parts import OrderPart, order_parts
from core.workshop.parts import create_part, get_part
from core.workshop.suppliers import create_supplier
from tests.ui.orders_stage import section
from tests.ui.two_bays import Bay, until
from ui.pages.order_anyway import AnywaySheet
from ui.pages.order_parts import PartsSection
from ui.pages.parts import PartsPage
from ui.pages.registry import ENTRIES
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.words_sheet import WordsSheet

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("orders", "parts"))


def stocked(bay: Bay, order: str) -> tuple[str, str]:
    """A line that needs a part of the store, and the part; none of it is there."""

    def work(session: Session) -> tuple[str, str]:
        fields = {"number": "0986494524", "name": "Brake pads", "price": 6890, "cost": 3810}
        part = create_part(session, SYSTEM, fields)
        line = create_line(
            session, SYSTEM, {"order_id": order, "kind": "part", "part_id": part.id, "description": "Brake pads"}
        )
        return line.id, part.id

    return bay.records.change("system", work).value


def supplier(bay: Bay, name: str) -> str:
    return bay.records.change("system", lambda session: create_supplier(session, SYSTEM, {"name": name})).value.id


def parts(bay: Bay, order: str) -> tuple[OrderPart, ...]:
    with bay.records.read() as session:
        return order_parts(session, order)


def state(bay: Bay, order: str) -> str:
    return parts(bay, order)[0].state.value


def shown(window: Shell, order: str, line: str) -> PartsSection:
    found = section(window, order, "parts", PartsSection)
    until(lambda: line in found.rows, "the part is shown")
    return found


def there_and_back(window: Shell, order: str, found: PartsSection, line: str) -> None:
    """From the order to the purchase order, and to the order again, each with one press."""
    number = found.rows[line].part.purchase_number
    found.open_states(line)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    assert sheet.buttons["purchase"].accessibleName() == f"Open purchase order {number}"
    sheet.buttons["purchase"].click()
    page = window.content.pages["parts"]
    assert isinstance(page, PartsPage)
    until(lambda: page.purchases.sheet.shown is not None, "the purchase order is in front")
    shown_ = page.purchases.sheet.shown
    assert shown_ is not None
    assert shown_.order.number == number
    (link,) = page.purchases.sheet.links
    link.click()
    until(lambda: window.content.current == "orders", "the order is in front again")


def test_a_part_is_ordered_received_and_fitted_step_by_step(one: Bay, order: str, window: Shell) -> None:
    line, part = stocked(one, order)
    lager = supplier(one, "Teile Lager")
    found = shown(window, order, line)
    assert found.rows[line].state.text() == "Not ordered"
    found.rows[line].next.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    sheet.buttons[lager].click()
    until(lambda: state(one, order) == "on_the_way", "it is ordered")
    until(lambda: found.rows[line].state.text() == "On the way", "it is shown")
    assert "ordered with" in found.rows[line].about.text()
    there_and_back(window, order, found, line)
    found.rows[line].next.click()
    until(lambda: state(one, order) == "here", "it came")
    with one.records.read() as session:
        assert get_part(session, part).on_hand == 1000
    until(lambda: found.rows[line].state.text() == "Here", "it is shown")
    found.rows[line].next.click()
    until(lambda: state(one, order) == "fitted", "it is fitted")
    with one.records.read() as session:
        assert get_part(session, part).on_hand == 0, "it left the store"


def test_each_step_can_be_taken_back(one: Bay, order: str, window: Shell) -> None:
    line, part = stocked(one, order)
    lager = supplier(one, "Teile Lager")
    found = shown(window, order, line)
    steps: tuple[tuple[Callable[[], object], str, str], ...] = (
        (partial(found._supplier, [line], lager), "on_the_way", "not_ordered"),
        (partial(found._step, line), "here", "on_the_way"),
        (partial(found._step, line), "fitted", "here"),
    )

    def shows(wanted: str) -> bool:
        return found.rows[line].part.state.value == wanted == state(one, order)

    for do, after, before in steps:
        for each in toast.shown(window):
            each.leave()
        do()
        until(partial(shows, after), f"it is {after}")
        until(lambda: toast.shown(window), "it is said")
        toast.shown(window)[-1].undo.click()
        until(partial(shows, before), f"it is {before} again")
        do()
        until(partial(shows, after), f"{after} once more")
    with one.records.read() as session:
        assert get_part(session, part).on_hand == 0


def test_a_first_supplier_is_made_on_the_way(one: Bay, order: str, window: Shell) -> None:
    line, _ = stocked(one, order)
    found = shown(window, order, line)
    found.rows[line].next.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    sheet.buttons["new"].click()
    name = dialogs.sheets(window)[-1]
    assert isinstance(name, WordsSheet)
    name.field.setText("Teile Lager")
    name.submit()
    until(lambda: state(one, order) == "on_the_way", "it is ordered")


def test_fitting_what_the_store_does_not_have_is_asked_about(one: Bay, order: str, window: Shell) -> None:
    line, part = stocked(one, order)
    found = shown(window, order, line)
    found.open_states(line)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    sheet.buttons["here"].click()
    until(lambda: found.rows[line].part.state.value == "here", "said by hand")
    found.rows[line].next.click()
    until(lambda: any(isinstance(each, AnywaySheet) for each in dialogs.sheets(window)), "it is asked")
    asked = dialogs.sheets(window)[-1]
    assert isinstance(asked, AnywaySheet)
    asked.yes.click()
    until(lambda: state(one, order) == "fitted", "it is fitted all the same")
    with one.records.read() as session:
        assert get_part(session, part).on_hand == -1000, "which is shown at the store, not hidden"


def test_an_order_without_parts_says_where_they_come_from(one: Bay, order: str, window: Shell) -> None:
    found = section(window, order, "parts", PartsSection)
    until(found.empty.isVisible, "it is said")
    assert not found.rows
