"""The demo's workshop: small, whole, and written through the functions everybody's own entries go through."""

import tomllib
from functools import partial
from pathlib import Path

import pytest

from app import demo_workshop
from app.demo_workshop import FILE, equip, fill
from core.people.customers import list_customers
from core.people.roles import SYSTEM
from core.records.records import Records
from core.sync.bay import Bay
from core.vehicles.vehicles import list_vehicles
from core.workshop.orders import list_repair_orders
from resources import path

STOCK = tomllib.loads(FILE.read_text("utf-8"))


def test_everything_in_the_file_becomes_a_row(tmp_path: Path) -> None:
    records = Records.open(tmp_path / "records.db")
    try:
        records.change(SYSTEM.reference, partial(fill, stock=STOCK))
        with records.read() as session:
            assert len(list_customers(session).items) == len(STOCK["customers"])
            assert {one.plate for one in list_vehicles(session).items} == {
                one["plate"] for one in STOCK["vehicles"].values()
            }
            orders = list_repair_orders(session).items
        assert {one.status for one in orders} == {one["status"] for one in STOCK["orders"]}
        assert all(one.number and one.vehicle_plate and one.customer_name for one in orders)
    finally:
        records.close()


def test_the_simulated_car_is_one_of_its_vehicles() -> None:
    car = tomllib.loads(path("cars", "demo.toml").read_text("utf-8"))
    assert car["vin"] in {one["vin"] for one in STOCK["vehicles"].values()}


def test_a_demo_that_is_there_already_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    equip(tmp_path)
    bay = Bay.open(tmp_path)
    vector = bay.records.vector()
    bay.close()
    monkeypatch.setattr(demo_workshop, "fill", None)
    equip(tmp_path)
    bay = Bay.open(tmp_path)
    assert bay.records.vector() == vector
    bay.close()
