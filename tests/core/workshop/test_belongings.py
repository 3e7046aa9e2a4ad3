"""The history of an order is that of everything that belongs to it, and of nothing else."""

from core.records import journal
from core.vehicles.vehicles import create_vehicle
from core.workshop.belongings import rows_of_order
from core.workshop.inspection_results import results_of, set_result
from core.workshop.inspection_templates import create_point, create_template
from core.workshop.inspections import start_inspection
from core.workshop.lines import create_line, delete_line
from core.workshop.notes import add_note
from core.workshop.orders import create_repair_order
from tests.core.people.desk import Desk


def test_all_that_names_the_order_belongs_to_it_also_by_way_of_an_inspection(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "HH AB 1"}).id
    order = desk.do(create_repair_order, {"vehicle_id": car, "complaint": "x"}).id
    other = desk.do(create_repair_order, {"vehicle_id": car, "complaint": "y"}).id
    line = desk.do(create_line, {"order_id": order, "kind": "fee", "description": "Tyres"}).id
    desk.do(delete_line, line)
    note = desk.do(add_note, {"order_id": order, "text": "n"}).id
    elsewhere = desk.do(add_note, {"order_id": other, "text": "m"}).id
    template = desk.do(create_template, {"name": "Short"}).id
    desk.do(create_point, {"template_id": template, "name": "Lamps"})
    inspection = desk.do(start_inspection, {"template_id": template, "order_id": order}).id
    with desk.records.read() as session:
        point = results_of(session, inspection)[0].id
    desk.do(set_result, point, {"verdict": "red"})
    models = [info.model for info in desk.records.schema.tables.values()]
    with desk.records.read() as session:
        found = rows_of_order(session, models, order)
        assert found >= {order, line, note, inspection, point}
        assert not found & {other, elsewhere, car, template}
        entries = journal.history_of(desk.records, session, found)
        few = journal.history_of(desk.records, session, found, limit=2)
    assert [each.number for each in entries] == sorted((each.number for each in entries), reverse=True)
    assert entries[0].rows[0].fields["verdict"] == "red"
    assert {part.row for each in entries for part in each.rows} <= found, "of a change only what is the order's"
    assert few == entries[:2]
