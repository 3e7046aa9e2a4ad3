"""The demo's inspections: of yearly services of the last half year, with values that fit what was done."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.demo_past.cars import draw
from app.demo_past.looking import MOST, _value
from app.demo_past.visits import Visit
from app.demo_workshop import equip
from core.sync.bay import Bay
from core.workshop.inspection_models import Inspection, InspectionPoint, InspectionResult
from core.workshop.inspection_results import verdict_of
from core.workshop.models import RepairOrder
from tests.app.demo_past.test_rules import FIRST_DAY, STOCK


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bay]:
    home = tmp_path_factory.mktemp("demo")
    equip(home, size=300)
    bay = Bay.open(home)
    yield bay
    bay.close()


def test_yearly_services_were_inspected_by_who_worked_on_them(demo: Bay) -> None:
    with demo.records.read() as session:
        found = session.scalars(select(Inspection).where(Inspection.completed_at.is_not(None))).all()
        orders = {each.id: each for each in session.scalars(select(RepairOrder))}
        assert 1 < len(found) <= MOST
        for each in found:
            order = orders[str(each.order_id)]
            assert (each.vehicle_id, each.inspector_id) == (order.vehicle_id, order.technician_id)
            assert each.odometer == order.odometer_in
            assert each.started_at is not None
            assert each.completed_at is not None
            assert each.started_at < each.completed_at


def test_what_was_measured_is_judged_by_the_limits_of_its_point(demo: Bay) -> None:
    with demo.records.read() as session:
        query = (
            select(InspectionResult, InspectionPoint)
            .join(InspectionPoint, InspectionPoint.id == InspectionResult.point_id)
            .join(Inspection, Inspection.id == InspectionResult.inspection_id)
            .where(Inspection.completed_at.is_not(None), InspectionResult.kind == "measure")
        )
        found = session.execute(query).all()
        assert found
        for result, point in found:
            assert result.value is not None
            said = verdict_of(result.value, worse_below=point.worse_below is True, yellow_at=point.yellow_at,
                              red_at=point.red_at)  # fmt: skip
            assert result.verdict == said, (result.name, result.value)
        assert {result.verdict for result, _ in found} >= {"green", "yellow"}


def test_pads_are_as_the_car_wore_them_and_a_dead_battery_reads_so() -> None:
    car = draw(STOCK, 1, 20, FIRST_DAY)[1][0]
    visit = Visit(700, car, "", worn={"front_pads": 24})
    values = [_value(visit, "Brake pads, front left", random.Random(n)) for n in range(20)]
    assert set(values) <= {2200, 2300, 2400, 2500, 2600}
    visit.done = [next(each for each in STOCK.faults if each.key == "battery")]
    assert all(_value(visit, "Battery at rest", random.Random(n)) < 12_200 for n in range(20))
