"""What the interface says of estimates and inspections is what the rooms take and show."""

import dataclasses
from typing import Any

import pytest
from pydantic import BaseModel

from core.people.roles import Actor, Role
from core.records.input import Fields
from core.workshop import (
    decisions,
    estimates,
    inspection_results,
    inspection_templates,
    inspections,
    labels,
    lines,
    quality,
    recommendations,
    tasks,
    totals,
)
from server.api import estimates as estimates_api
from server.api import inspection_shapes
from server.api import inspection_templates as templates_api
from server.api import labels as labels_api
from server.api import lines as lines_api
from server.api import quality as quality_api
from server.api import recommendations as recommendations_api
from server.api import tasks as tasks_api
from server.api.lines import without_costs


@pytest.mark.parametrize(
    ("written", "fields", "outer"),
    [
        (lines_api.LineFields, lines.FIELDS, "order_id"),
        (recommendations_api.RecommendationFields, recommendations.FIELDS, ""),
        (templates_api.TemplateFields, inspection_templates.FIELDS, ""),
        (templates_api.PointFields, inspection_templates.POINT_FIELDS, "template_id"),
        (inspection_shapes.InspectionFields, inspections.FIELDS, ""),
        (inspection_shapes.ResultFields, inspection_results.EXTRA_FIELDS, ""),
        (tasks_api.TaskFields, tasks.FIELDS, ""),
        (labels_api.LabelFields, labels.FIELDS, ""),
        (quality_api.CheckFields, quality.FIELDS, "order_id"),
    ],
)
def test_what_can_be_written_is_what_the_room_takes(written: type[BaseModel], fields: Fields, outer: str) -> None:
    assert set(written.model_fields) == set(fields) - {outer}


def test_a_decision_takes_what_the_room_takes() -> None:
    assert set(estimates_api.DecisionFields.model_fields) == {*estimates.SAID, "decisions", "decision"}


@pytest.mark.parametrize(
    ("shown", "view"),
    [
        (lines_api.Line, lines.LineView),
        (recommendations_api.Recommendation, recommendations.RecommendationView),
        (templates_api.Template, inspection_templates.TemplateView),
        (templates_api.Point, inspection_templates.PointView),
        (inspection_shapes.Inspection, inspections.InspectionView),
        (inspection_shapes.CountsShown, inspections.Counts),
        (inspection_shapes.Result, inspection_results.ResultView),
        (inspection_shapes.SeenShown, inspection_results.Seen),
        (estimates_api.Decision, decisions.DecisionView),
        (estimates_api.TotalsShown, totals.Totals),
        (estimates_api.TaxShown, totals.TaxOfRate),
        (tasks_api.Task, tasks.TaskView),
        (labels_api.Label, labels.LabelView),
        (quality_api.Check, quality.CheckView),
    ],
)
def test_what_is_shown_is_what_the_room_shows(shown: type[BaseModel], view: type[Any]) -> None:
    assert set(shown.model_fields) == {field.name for field in dataclasses.fields(view)} - {"deleted_at"}


def test_a_customer_is_not_told_what_things_cost_the_shop() -> None:
    shown = {"lines": [{"line": {"unit_cost": 5, "unit_price": 9}}], "approved": totals.Totals(cost=7, net=9)}
    customer, adviser = (Actor("customer", "1", "x", role) for role in (Role.CUSTOMER, Role.ADVISER))
    found = without_costs(customer, shown)
    assert (found["lines"][0]["line"], found["approved"]["cost"]) == ({"unit_cost": None, "unit_price": 9}, None)
    assert found["approved"]["net"] == 9
    assert without_costs(adviser, shown)["approved"]["cost"] == 7
