"""Inspecting by touch: three targets a point, values judged by their limits, findings onto the estimate in one tap."""

import pytest
from PySide6.QtWidgets import QLabel
from sqlalchemy.orm import Session

from core.people.roles import SYSTEM
from core.vehicles.vehicles import create_vehicle
from core.workshop.default_inspections import install_default_templates
from core.workshop.inspection_results import ResultView, results_of
from core.workshop.inspection_templates import create_point, create_template
from core.workshop.inspections import list_inspections
from core.workshop.lines import list_lines
from tests.ui.orders_stage import section
from tests.ui.two_bays import Bay, until
from ui import theme
from ui.pages.order_inspection import InspectionSection
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.words_sheet import WordsSheet


@pytest.fixture
def template(one: Bay) -> str:
    """Three points: one that is looked at, a measured one, and one more."""

    def work(session: Session) -> str:
        made = create_template(session, SYSTEM, {"name": "Short check"})
        points: tuple[dict[str, object], ...] = (
            {"section": "Lights", "name": "Headlamps", "kind": "check"},
            {"section": "Tyres", "name": "Tread", "kind": "measure", "unit": "mm", "worse_below": True,
             "yellow_at": 3000, "red_at": 1600, "line_description": "Fit new tyres", "line_price": 9000},
            {"section": "Tyres", "name": "Valves", "kind": "check"},
        )  # fmt: skip
        for at, point in enumerate(points):
            create_point(session, SYSTEM, {"template_id": made.id, "position": at, **point})
        return made.id

    return one.records.change("system", work).value


@pytest.fixture
def car(one: Bay, order: str) -> str:
    made = one.records.change("system", lambda session: create_vehicle(session, SYSTEM, {"plate": "HH AB 123"})).value
    one.set(order, vehicle_id=made.id, odometer_in=84_000)
    return made.id


def results(bay: Bay, order: str) -> dict[str, ResultView]:
    with bay.records.read() as session:
        found = list_inspections(session, order_id=order).items
        return {each.name or "": each for each in results_of(session, found[0].id)} if found else {}


def begun(window: Shell, order: str, template: str) -> InspectionSection:
    """The section with an inspection in front, begun by its button."""
    found = section(window, order, "inspection", InspectionSection)
    until(lambda: template in found.template_buttons, "the template is offered")
    found.template_buttons[template].click()
    until(lambda: len(found.rows) == 3, "its points are there")
    return found


def row(found: InspectionSection, name: str) -> str:
    return next(id_ for id_, each in found.rows.items() if each.result.name == name)


def test_a_workshop_without_inspections_takes_over_those_that_come_with_it(
    one: Bay, order: str, car: str, window: Shell
) -> None:
    found = section(window, order, "inspection", InspectionSection)
    until(found.install.isVisible, "it is offered")
    found.install.click()
    until(lambda: len(found.template_buttons) == 4, "four come")
    with one.records.read() as session:
        assert list_inspections(session).items == ()
    again = one.records.change("system", lambda session: install_default_templates(session, SYSTEM)).value
    assert again == 0


def test_a_point_is_one_tap_and_the_same_tap_takes_it_back(
    one: Bay, order: str, car: str, template: str, window: Shell
) -> None:
    found = begun(window, order, template)
    lamps = found.rows[row(found, "Headlamps")]
    for verdict, button in lamps.verdicts.items():
        assert button.height() >= theme.target
        assert button.text(), f"{verdict} has a word and not a colour alone"
    lamps.verdicts["yellow"].click()
    until(lambda: results(one, order)["Headlamps"].verdict == "yellow", "it is kept")
    until(lamps.verdicts["yellow"].isChecked, "it is shown")
    lamps.verdicts["yellow"].click()
    until(lambda: results(one, order)["Headlamps"].verdict is None, "it is taken back")


def test_a_measured_value_is_judged_while_it_is_typed(
    one: Bay, order: str, car: str, template: str, window: Shell
) -> None:
    found = begun(window, order, template)
    found.rows[row(found, "Tread")].value.click()
    pad = dialogs.sheets(window)[-1]
    assert isinstance(pad, AmountSheet)
    pad.type("2")
    assert pad.verdict.text() == "Soon"
    pad.type(".")
    pad.type("4")
    pad.keep.click()
    until(lambda: results(one, order)["Tread"].value == 2400, "it is kept")
    assert results(one, order)["Tread"].verdict == "yellow"
    until(lambda: found.rows[row(found, "Tread")].value.text() == "2.4 mm", "it is shown")


def test_the_last_time_stands_beside_each_point(one: Bay, order: str, car: str, template: str, window: Shell) -> None:
    found = begun(window, order, template)
    found._measured(row(found, "Tread"), 420)
    until(lambda: results(one, order)["Tread"].value == 4200, "it is measured")
    second = one.new_order(complaint="A year later", vehicle_id=car)
    again = begun(window, second.id, template)
    until(lambda: "4.2 mm" in again.rows[row(again, "Tread")].before.text(), "what it was then")
    again.open_value(row(again, "Tread"))
    assert "Last time" in " ".join(each.text() for each in dialogs.sheets(window)[-1].findChildren(type(again.left)))


def test_what_is_found_goes_to_the_estimate_in_one_tap_and_back(
    one: Bay, order: str, car: str, template: str, window: Shell
) -> None:
    found = begun(window, order, template)
    found._measured(row(found, "Tread"), 100)
    until(found.rows[row(found, "Tread")].verdicts["red"].isChecked, "it is red")
    found.rows[row(found, "Headlamps")].verdicts["yellow"].click()
    until(lambda: "2 findings" in found.to_estimate.text(), "two wait")
    found.rows[row(found, "Tread")].to_line.click()

    def lines() -> list[tuple[str | None, int | None]]:
        with one.records.read() as session:
            return [(each.description, each.unit_price) for each in list_lines(session, order)]

    until(lambda: lines() == [("Fit new tyres (Tread 1 mm)", 9000)], "one is a line")
    until(lambda: "1 finding" in found.to_estimate.text(), "one waits")
    found.to_estimate.click()
    until(lambda: len(lines()) == 2, "all are lines")
    until(lambda: not found.to_estimate.isEnabled(), "nothing waits")
    toast.shown(window)[-1].undo.click()
    until(lambda: lines() == [("Fit new tyres (Tread 1 mm)", 9000)], "the last one is taken back, the first stays")


def test_the_rest_is_good_and_what_is_measured_waits_to_be_measured(
    one: Bay, order: str, car: str, template: str, window: Shell
) -> None:
    found = begun(window, order, template)
    found.rows[row(found, "Valves")].verdicts["red"].click()
    until(lambda: results(one, order)["Valves"].verdict == "red", "one is not")
    until(found.rest.isEnabled, "others are open")
    found.rest.click()
    until(lambda: results(one, order)["Headlamps"].verdict == "green", "the other one is good")
    assert results(one, order)["Valves"].verdict == "red"
    assert results(one, order)["Tread"].verdict is None


def test_a_remark_and_not_there_are_said_at_the_point(
    one: Bay, order: str, car: str, template: str, window: Shell
) -> None:
    found = begun(window, order, template)
    id_ = row(found, "Valves")
    found.rows[id_].write.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, WordsSheet)
    sheet.field.setText("Cap is missing")
    sheet.submit()
    until(lambda: results(one, order)["Valves"].remark == "Cap is missing", "it is kept")
    until(lambda: "Cap is missing" in found.rows[id_].before.text(), "it is shown")


def test_a_completed_inspection_is_not_changed_until_it_is_opened_again(
    one: Bay, order: str, car: str, template: str, window: Shell
) -> None:
    found = begun(window, order, template)
    lamps = found.rows[row(found, "Headlamps")]
    lamps.verdicts["green"].click()
    until(found.complete.isEnabled, "something was seen")
    found.complete.click()
    asked = dialogs.sheets(window)[-1]
    assert isinstance(asked, ChoiceSheet)
    assert any("not looked at" in each.text() for each in asked.findChildren(QLabel))
    asked.buttons["look"].click()
    assert lamps.verdicts["red"].isEnabled()
    found.complete.click()
    again = dialogs.sheets(window)[-1]
    assert isinstance(again, ChoiceSheet)
    again.buttons["leave"].click()
    until(lambda: not lamps.verdicts["red"].isEnabled(), "it is closed")
    found.complete.click()
    until(lamps.verdicts["red"].isEnabled, "it is open again")


def test_what_another_terminal_sees_at_a_point_appears(
    one: Bay, other: Bay, order: str, template: str, window: Shell
) -> None:
    from core.workshop.inspection_results import set_result

    made = one.records.change("system", lambda session: create_vehicle(session, SYSTEM, {"plate": "HH AB 123"})).value
    one.set(order, vehicle_id=made.id)
    found = begun(window, order, template)
    id_ = row(found, "Headlamps")
    other.meet(one)
    other.records.change("system", lambda session: set_result(session, SYSTEM, id_, {"verdict": "red"}))
    other.meet(one)
    until(found.rows[id_].verdicts["red"].isChecked, "it is shown")
