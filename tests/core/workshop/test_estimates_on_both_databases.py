"""Estimates, advice, inspections, mentions, tasks and checks, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.people.roles import Actor, Role
from core.people.staff import create_staff
from core.vehicles.odometer import add_reading
from core.workshop.default_inspections import install_default_templates
from core.workshop.estimates import decide, decide_all, estimate, estimates
from core.workshop.inspection_findings import advise_finding, findings_to_lines
from core.workshop.inspection_results import rest_is_good, results_of, set_result
from core.workshop.inspection_templates import list_templates
from core.workshop.inspections import complete_inspection, list_inspections
from core.workshop.labels import create_label, list_labels
from core.workshop.mentions import mark_read, mentions_of, unread_counts, unread_mentions
from core.workshop.notes import add_note, list_notes
from core.workshop.quality import check_quality, last_checks, list_checks
from core.workshop.recommendations import (
    coming_back,
    list_recommendations,
    open_recommendations,
    take_up,
)
from core.workshop.shop import change_shop, shop_details
from core.workshop.tasks import create_task, list_tasks, set_done, tasks_of
from core.workshop.tax_rules import create_tax_rule, list_tax_rules
from tests.core.people.desk import Desk, desk_at
from tests.core.workshop.estimate_stage import staged, visit
from tests.core.workshop.inspection_stage import begun, by_name, yard


@pytest.fixture
def desk(place: Path | str) -> Iterator[Desk]:
    made = desk_at(place)
    yield made
    made.records.close()


def test_an_estimate_is_decided_and_what_was_declined_comes_back(desk: Desk) -> None:
    desk.do(change_shop, {"labour_rate": 9_800, "currency": "EUR"})
    desk.do(create_tax_rule, {"name": "Full", "rate": 1_900})
    assert desk.see(shop_details).labour_rate == 9_800
    assert len(desk.see(list_tax_rules)) == 1
    stage = staged(desk)
    due = {"due_on": "2026-01-01", "due_odometer": 90_000}
    desk.do(decide, stage.order, [(stage.pads, "declined"), (stage.work, "asked")], due)
    desk.do(decide_all, stage.order, "approved", {})
    assert [each.state for each in desk.see(estimate, stage.order).lines] == ["declined", "approved", "approved"]
    assert desk.see(estimates, [stage.order])[stage.order] == desk.see(estimate, stage.order)
    (advice,) = desk.see(open_recommendations, stage.vehicle)
    desk.do(add_reading, {"vehicle_id": stage.vehicle, "value": 95_000})
    for asked in ({"due_by": "2025-01-01"}, {"due_by": "2026-02-01"}, {"state": "any"}, {"vehicle_id": stage.vehicle}):
        found = desk.see(list_recommendations, sort="due", limit=1, **asked)
        assert [each.id for each in found.items] == [advice.id]
    order = visit(desk, stage.vehicle)
    assert [each.id for each in desk.see(coming_back, order)] == [advice.id]
    desk.do(take_up, advice.id, order)
    assert desk.see(list_recommendations).items == ()


def test_an_inspection_is_filled_in_and_becomes_lines(desk: Desk) -> None:
    desk.do(install_default_templates)
    place = yard(desk)
    assert [each.points for each in desk.see(list_templates).items][-1] == 5
    first = begun(desk, place)
    desk.do(set_result, by_name(desk, first)["Tread"].id, {"value": 1_000})
    desk.do(set_result, by_name(desk, first)["Play"].id, {"value": 6_000})
    desk.do(rest_is_good, first)
    desk.do(complete_inspection, first, leave=True)
    assert len(desk.do(findings_to_lines, first)) == 2
    assert desk.do(advise_finding, by_name(desk, first)["Play"].id, {}).state == "open"
    second = begun(desk, place)
    previous = {each.name: each.previous.value if each.previous else None for each in desk.see(results_of, second)}
    assert previous == {"Tread": 1_000, "Play": 6_000, "Wipers": None, "Lamps": None, "Left in the car": None}
    page = desk.see(list_inspections, vehicle_id=place.vehicle, limit=1)
    assert [each.id for each in page.items] == [second]
    assert [each.id for each in desk.see(list_inspections, state="completed", limit=1).items] == [first]
    assert desk.see(list_inspections, limit=1, after=page.after).items[0].counts.points == 5


def test_notes_tasks_labels_and_checks(desk: Desk) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    as_tom = Desk(desk.records, desk.clock, Actor("staff", tom, "Tom", Role.TECHNICIAN))
    order = staged(desk).order
    desk.do(add_note, {"order_id": order, "text": "@Tom look"})
    assert desk.see(list_notes, order).items[0].mentions == (tom,)
    assert desk.see(unread_counts, tom, [order]) == {order: 1}
    assert desk.see(unread_mentions, tom) == len(desk.see(mentions_of, tom).items) == 1
    assert as_tom.do(mark_read, order) == 1
    assert desk.see(unread_mentions, tom) == 0
    tasks = [desk.do(create_task, {"order_id": order, "title": title, "technician_id": tom}).id for title in "abc"]
    desk.do(set_done, tasks[0])
    page = desk.see(list_tasks, state="open", limit=1)
    assert [each.id for each in desk.see(list_tasks, state="open", limit=1, after=page.after).items] == [tasks[2]]
    assert [each.id for each in desk.see(tasks_of, [order])] == tasks
    desk.do(create_label, {"name": "Wash"})
    assert len(desk.see(list_labels).items) == 1
    desk.do(check_quality, {"order_id": order, "passed": False, "remark": "x"})
    check = desk.do(check_quality, {"order_id": order, "passed": True})
    assert desk.see(last_checks, [order]) == {order: check}
    assert len(desk.see(list_checks, order).items) == 2
