"""An import as people see it: shown first, wrong rows with line, column and cure, written whole, taken back whole."""

import csv
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.csv_files.batches import bring_back_import, imports, take_back_import
from core.csv_files.exporting import export
from core.csv_files.mappings import Mapping, MappingError, fitting, kind_of, mapping_of, ready
from core.csv_files.planning import ImportPlan, plan_import
from core.csv_files.reading import read_table
from core.csv_files.requests import Request, run_import
from core.csv_files.writing import AT_ONCE, write_import
from core.insights.finished import finished
from core.people.customers import list_customers
from core.people.roles import SYSTEM, Actor, Denied, Role
from core.people.staff import create_staff
from core.records.files import FileStore
from core.records.input import Refused
from core.vehicles.vehicles import change_vehicle, create_vehicle, list_vehicles
from core.workshop.orders import create_repair_order, list_repair_orders
from core.workshop.parts import create_part, list_parts
from core.workshop.stock_moves import move_stock
from core.workshop.undoing import Stays, undo_last
from tests.core.people.desk import Desk, desk_at, somebody

VEHICLES = """Kennzeichen;FIN;Marke;Modell;Baujahr;Kraftstoff;Kilometerstand;Halter;Erstzulassung
B-MW 1;;BMW;320d;2019;Diesel;84.210;Anna Ott;22.03.2019
B-VW 2;WVWZZZ1JZXW000002;VW;Golf;2020;Benzin;12.000;Anna Ott;13.01.2020
"""


@pytest.fixture
def desk() -> Any:
    made = desk_at()
    yield made
    made.records.close()


def planned(desk: Desk, text: str, kind: str = "vehicles", **constants: str) -> ImportPlan:
    mapping = mapping_of(kind, None).saying(**constants)
    return desk.see(lambda session: plan_import(session, SYSTEM, read_table(text.encode()), mapping))


def imported(desk: Desk, text: str, kind: str = "vehicles", **options: Any) -> dict[str, Any]:
    return run_import(desk.records, SYSTEM, Request(kind, "theirs.csv", **options), text.encode())


def test_a_german_table_is_understood_by_its_own_names(desk: Desk) -> None:
    found = imported(desk, VEHICLES)
    assert (found["written"], found["problems"], found["day_order"], found["day_order_sure"]) == (2, [], "dmy", True)
    assert found["columns"]["odometer_km"] == "Kilometerstand"
    assert found["new_names"] == ["Anna Ott"]
    bmw, golf = sorted(desk.see(list_vehicles).items, key=lambda each: str(each.plate))
    assert (bmw.odometer_km, bmw.fuel_type, bmw.first_registration, bmw.year) == (84_210, "diesel", "2019-03-22", 2019)
    assert golf.fuel_type == "petrol"
    (anna,) = desk.see(list_customers).items
    assert bmw.customer_id == golf.customer_id == anna.id


def test_a_dry_run_and_a_file_with_a_bad_row_write_nothing(desk: Desk) -> None:
    before = desk.records.vector()
    assert imported(desk, VEHICLES, dry_run=True)["written"] == 0
    bad = imported(desk, VEHICLES + "B-XX 3;WVWZZZIOQ;VW;Polo;neu;Diesel;x;;31.02.2020\n")
    assert bad["refused"]
    assert desk.records.vector() == before
    wrong = {(each["line"], each["column"]) for each in bad["problems"]}
    assert wrong == {(4, "FIN"), (4, "Baujahr"), (4, "Kilometerstand"), (4, "Erstzulassung")}
    assert all(each["words"] and each["cure"] for each in bad["problems"])
    assert imported(desk, VEHICLES + "B-XX 3;;VW;Polo;neu;;;;\n", skip_bad=True)["written"] == 2


def test_what_is_here_already_stays_as_it_is(desk: Desk) -> None:
    desk.do(create_vehicle, {"plate": "b mw 1", "make": "Mine"})
    found = imported(desk, VEHICLES)
    assert (found["written"], found["already"]) == (1, 1)
    assert {each.make for each in desk.see(list_vehicles).items} == {"Mine", "VW"}
    assert imported(desk, VEHICLES)["already"] == 2


def test_the_same_car_twice_in_a_file_is_said_with_both_lines(desk: Desk) -> None:
    plan = planned(desk, "plate\nA 1\nA-1\n")
    assert [(each.line, "line 2" in each.words) for each in plan.problems] == [(3, True)]


def test_one_import_is_taken_back_as_one_but_for_what_was_worked_on(desk: Desk) -> None:
    desk.do(create_vehicle, {"plate": "OLD 1"})
    rows = "".join(f"N {number},Kia,{number * 1000}\n" for number in range(1, 251))
    made = imported(desk, f"plate,make,odometer\n{rows}")
    assert made["written"] == 250
    worked_on = desk.see(list_vehicles, text="N 7").items[0]
    desk.do(create_repair_order, {"vehicle_id": worked_on.id, "complaint": "Noise"})
    (batch,) = desk.see(imports)
    assert (batch.kind, batch.file, batch.changes, batch.undone) == ("vehicles", "theirs.csv", 3, False)
    done = take_back_import(desk.records, SYSTEM, batch.id)
    assert done.hidden >= 249
    assert {each.plate for each in desk.see(list_vehicles, limit=500).items} == {"OLD 1", "N 7"}
    assert desk.see(imports)[0].undone
    with pytest.raises(Refused):
        take_back_import(desk.records, SYSTEM, batch.id)


def test_an_import_taken_back_comes_back_and_goes_again_by_either_door(desk: Desk) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "owner"})
    actor = Actor("staff", tom.id, "Tom", Role.OWNER)
    desk.do(create_vehicle, {"plate": "OLD 1"})
    rows = "".join(f"N {number},Kia\n" for number in range(1, 151))
    plan = planned(desk, f"plate,make\n{rows}")
    batch = write_import(desk.records, actor, plan, file="theirs.csv")

    def here() -> tuple[int, bool]:
        (found,) = desk.see(imports)
        assert (found.actor_name, found.changes) == ("Tom", 2)
        return len(desk.see(list_vehicles, limit=500).items), found.undone

    with pytest.raises(Stays, match="as a whole") as stays:
        undo_last(desk.records, actor)
    assert undo_last(desk.records, actor, [stays.value.deed]) is None
    with pytest.raises(Refused):
        bring_back_import(desk.records, SYSTEM, batch.id)
    assert here() == (151, False)
    for door in range(2):
        assert take_back_import(desk.records, actor, batch.id).hidden == 150
        assert here() == (1, True)
        if door:
            assert bring_back_import(desk.records, SYSTEM, batch.id) == 150
        else:
            undo_last(desk.records, actor)
        assert here() == (151, False)
    taken = take_back_import(desk.records, SYSTEM, batch.id)
    assert (taken.hidden, taken.stayed) == (150, 0)
    assert here() == (1, True)


def test_the_imports_are_found_by_their_index(desk: Desk) -> None:
    batch = imported(desk, VEHICLES)["import"]
    take_back_import(desk.records, SYSTEM, batch)
    bring_back_import(desk.records, SYSTEM, batch)
    asked: list[str] = []
    with desk.records.read() as session:
        raw: Any = session.connection().connection.driver_connection
        raw.set_trace_callback(asked.append)
        imports(session)
        raw.set_trace_callback(None)
        queries = [each for each in asked if "FROM transactions" in each]
        plans = [str(row[3]) for each in queries for row in raw.execute(f"EXPLAIN QUERY PLAN {each}")]
    assert any("ix_transactions_imports" in each for each in plans)
    assert any("ix_transactions_undos" in each for each in plans)
    assert not any(each.startswith("SCAN") and "INDEX" not in each for each in plans)


def test_history_finds_its_vehicles_and_becomes_delivered_orders(desk: Desk) -> None:
    desk.do(create_vehicle, {"plate": "A 1", "vin": "WVWZZZ1JZXW000002"})
    text = (
        "Date,Odometer,Description,Notes,Cost\n2025-03-01,50000,Oil change,5W-30,129.90\n2026-03-02,65000,Brakes,,480\n"
    )
    with pytest.raises(MappingError):
        imported(desk, text, "history", mapping="lubelogger")
    found = imported(desk, text, "history", mapping="lubelogger", constants={"plate": "a-1"})
    assert found["written"] == 2
    orders = desk.see(list_repair_orders).items
    assert {(each.status, each.odometer_in) for each in orders} == {("delivered", 50_000), ("delivered", 65_000)}
    assert desk.see(list_vehicles).items[0].odometer_km == 65_000
    again = imported(desk, text, "history", mapping="lubelogger", constants={"plate": "A 1"})
    assert (again["written"], again["already"]) == (0, 2)
    assert desk.see(finished, 0, desk.clock.now) == ()  # nobody here saw them come or go
    lost = imported(desk, text, "history", mapping="lubelogger", constants={"plate": "GONE"})
    assert [each["line"] for each in lost["problems"]] == [2, 3]


def test_parts_come_with_their_stock_and_supplier(desk: Desk) -> None:
    found = imported(desk, "Part number;Description;Bestand;EK;Lieferant\nOF-1;Oil filter;12,5;4,20;Nord\n", "parts")
    assert found["new_names"] == ["Nord"]
    (part,) = desk.see(list_parts).items
    assert (part.number, part.cost, part.on_hand) == ("OF-1", 420, 12_500)


def test_columns_nobody_knows_are_named_and_a_needed_one_is_asked_for(desk: Desk) -> None:
    assert planned(desk, "plate,shoe size\nA 1,44\n").unused == ("shoe size",)
    with pytest.raises(MappingError):
        planned(desk, "make\nVW\n")


def test_a_mapping_of_the_users_own(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('kind = "vehicles"\ndistance = "mi"\n[columns]\nplate = "Tag"\nodometer_km = "Miles"\n', "utf-8")
    imported(desk, "Tag,Miles\nTX 1,100\n", mapping=str(file))
    assert desk.see(list_vehicles).items[0].odometer_km == 161
    file.write_text('kind = "vehicles"\n[columns]\nwheels = "Wheels"\n', "utf-8")
    with pytest.raises(MappingError, match="wheels"):
        mapping_of("vehicles", str(file))
    with pytest.raises(MappingError):
        mapping_of("vehicles", "nothing of that name")


def test_every_ready_mapping_can_be_read() -> None:
    assert {"lubelogger-history", "lubelogger-parts", "lubelogger-vehicles"} <= set(ready())


def test_it_is_for_the_office(desk: Desk) -> None:
    with pytest.raises(Denied):
        desk.see(
            lambda s: plan_import(s, somebody(Role.ADVISER), read_table(b"plate\nA"), mapping_of("vehicles", None))
        )


def test_what_was_exported_can_be_imported_elsewhere(desk: Desk, tmp_path: Path) -> None:
    imported(desk, VEHICLES)
    imported(desk, "number,name,stock,price\nP-1,Part,3,9.99\n", "parts")
    with desk.records.read() as session:
        done = export(session, SYSTEM, FileStore(tmp_path / "files"), tmp_path / "out")
    assert done.rows["vehicles.csv"] == 2
    other = desk_at(seed=2)
    for kind in ("customers", "vehicles", "parts"):
        text = (tmp_path / "out" / f"{kind}.csv").read_text("utf-8-sig")
        assert imported(other, text, kind)["problems"] == []
    fields = ("plate", "vin", "make", "year", "fuel_type", "odometer_km", "first_registration")
    mine, theirs = (
        {tuple(getattr(each, name) for name in fields) for each in at.see(list_vehicles).items} for at in (desk, other)
    )
    assert mine == theirs
    other.records.close()


def test_an_export_holds_every_table_and_no_secret(desk: Desk, tmp_path: Path) -> None:
    imported(desk, VEHICLES)
    with desk.records.read() as session:
        export(session, SYSTEM, FileStore(tmp_path / "files"), tmp_path / "out")
    tables = {file.stem for file in (tmp_path / "out" / "tables").glob("*.csv")}
    assert {"vehicles", "invoices", "stock_moves", "staff"} <= tables
    with (tmp_path / "out" / "tables" / "staff.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert "pin_hash" not in next(csv.reader(stream))
    with desk.records.read() as session, pytest.raises(FileExistsError):
        export(session, SYSTEM, FileStore(tmp_path / "files"), tmp_path / "out")


def test_a_text_that_a_spreadsheet_would_run_stays_a_text(desk: Desk, tmp_path: Path) -> None:
    vehicle = desk.do(create_vehicle, {"plate": "A 1"})
    desk.do(change_vehicle, vehicle.id, {"notes": "=HYPERLINK(1)"})
    with desk.records.read() as session:
        export(session, SYSTEM, FileStore(tmp_path / "files"), tmp_path / "out")
    with (tmp_path / "out" / "vehicles.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["notes"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("kind", "text", "column"),
    [
        ("parts", "number,name,manufacturer\nA,x,Bosch\nA,y,ATE\n", "number"),
        ("parts", "number,name,barcode\nA,x,123\nB,y,123\n", "number"),
        ("parts", "number,name,manufacturer\nold,y,ATE\n", "number"),
        ("parts", "number,name,barcode\nB,y,99\n", "barcode"),
        ("parts", "number,name,minimum,order up to\nA,x,5,2\n", "order_up_to"),
        ("parts", "number,name,stock\nA,x,9000000000000000\n", "stock"),
        ("parts", "number,name,stock\nA,x," + "9" * 5_000 + "\n", "stock"),
        ("vehicles", "plate,odometer\nX,-5\n", "odometer"),
        ("vehicles", "plate,odometer\nX,900000000000\n", "odometer"),
        ("history", "plate,date,description,cost\nX,2026-01-02,Oil,90000000000000000\n", "cost"),
    ],
)
def test_what_the_room_would_refuse_is_told_before_a_row_is_written(
    desk: Desk, kind: str, text: str, column: str
) -> None:
    desk.do(create_part, {"number": "OLD", "name": "Old", "manufacturer": "Bosch", "barcode": "99"})
    if kind == "history":
        desk.do(create_vehicle, {"plate": "X"})
    before = desk.records.vector()
    [problem] = imported(desk, text, kind)["problems"]
    assert problem["column"] == column
    assert desk.records.vector() == before


def test_an_import_is_taken_back_whole_however_much_was_done_since(desk: Desk) -> None:
    found = imported(desk, VEHICLES)
    for number in range(210):
        desk.records.change(SYSTEM.reference, partial(create_vehicle, actor=SYSTEM, fields={"plate": f"Y {number}"}))
    assert take_back_import(desk.records, SYSTEM, found["import"]).hidden > 2
    assert not {"B-MW 1", "B-VW 2"} & {each.plate for each in desk.see(list_vehicles, limit=500).items}


def test_signs_that_spreadsheets_would_run_come_back_as_they_were(desk: Desk, tmp_path: Path) -> None:
    part = desk.do(create_part, {"number": "1", "name": "- sealing ring", "notes": "=2+2"}).id
    desk.do(move_stock, {"part_id": part, "reason": "fitted", "quantity": 1_500}, anyway=True)
    desk.see(lambda session: export(session, SYSTEM, FileStore(tmp_path / "files"), tmp_path / "out"))
    text = (tmp_path / "out" / "parts.csv").read_text("utf-8-sig")
    assert "'=2+2" in text
    other = desk_at()
    assert imported(other, text, "parts")["problems"] == []
    [found] = other.see(list_parts).items
    assert (found.name, found.notes, found.on_hand) == ("- sealing ring", "=2+2", -1_500)
    other.records.close()


def test_columns_that_were_chosen_are_all_that_is_taken(desk: Desk) -> None:
    table = read_table(VEHICLES.encode())
    mapping = Mapping("vehicles", columns={"plate": "Kennzeichen", "notes": "Marke"}, only=True)
    plan = desk.see(lambda session: plan_import(session, SYSTEM, table, mapping))
    assert plan.columns == {"plate": "Kennzeichen", "notes": "Marke"}
    assert set(plan.rows[0].values) == {"plate", "notes"}


def test_what_is_in_a_file_is_told_by_its_columns() -> None:
    assert kind_of(read_table(VEHICLES.encode()).header) == "vehicles"
    assert kind_of(("number", "name", "price")) == "parts"
    assert kind_of(("Name", "Phone", "Email")) == "customers"
    theirs = ("Date", "Odometer", "Description", "Notes", "Cost", "Tags")
    assert (kind_of(theirs), fitting("history", theirs)) == ("history", "lubelogger-history")
    assert fitting("parts", theirs) is None


def test_an_import_stops_between_two_changes_and_what_it_wrote_bears_its_name(desk: Desk) -> None:
    text = "plate\n" + "".join(f"HY {number}\n" for number in range(AT_ONCE * 2 + 5))
    answers = iter((False, True))
    done = write_import(desk.records, SYSTEM, planned(desk, text), file="all.csv", stop=lambda: next(answers))
    assert (done.rows, done.stopped) == (AT_ONCE, True)
    (batch,) = desk.see(imports)
    assert (batch.id, batch.changes) == (done.id, 1)
    assert take_back_import(desk.records, SYSTEM, batch.id).hidden == AT_ONCE
