"""The demo's workshop: small, whole, and written through the functions everybody's own entries go through."""

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import demo_workshop
from app.demo_others import StoryClock, teller
from app.demo_workshop import FILE, equip, fill
from core.people.customers import list_customers
from core.planning.models import Allocation
from core.records import journal
from core.records.records import Records
from core.sync.bay import Bay
from core.sync.views import PeerState
from core.vehicles.vehicles import list_vehicles
from core.workshop.invoice_models import Invoice, InvoiceNumber, Payment
from core.workshop.invoice_numbers import series_holder
from core.workshop.models import RepairOrder
from core.workshop.orders import list_repair_orders
from resources import path
from server.sync.roster import remembered_peers

STOCK = tomllib.loads(FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bay]:
    home = tmp_path_factory.mktemp("demo")
    equip(home, size=40)
    bay = Bay.open(home)
    yield bay
    bay.close()


def test_everything_in_the_file_becomes_a_row(tmp_path: Path) -> None:
    now = round(time.time() * 1000)
    records = Records.open(tmp_path / "records.db")
    try:
        fill(teller(records, "", "", "Bay 1"), STOCK, StoryClock(now, now))
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


def test_two_more_terminals_were_there_and_are_away(demo: Bay) -> None:
    peers = remembered_peers(demo)
    assert [(each.name, each.state) for each in peers] == [("Bay 2", PeerState.AWAY), ("Bay 3", PeerState.AWAY)]
    now = demo.records.wall()
    assert all(each.last_contact is not None and 0 < now - each.last_contact < 3_600_000 for each in peers)
    assert all(each.waiting_out and not each.waiting_in for each in peers)


def test_their_changes_came_by_the_exchange(demo: Bay) -> None:
    with demo.records.read() as session:
        came = [each for each in journal.changes(demo.records, session, limit=500) if not each.here]
    assert len(came) == sum(step.get("at", "Bay 1") != "Bay 1" for step in STOCK["story"])
    assert len({each.site for each in came}) == 2


def test_two_who_planned_the_same_car_apart_left_a_conflict_and_a_replaced_value(demo: Bay) -> None:
    with demo.records.read() as session:
        (conflict,) = journal.conflicts(demo.records, session)
        (lost,) = journal.replaced(demo.records, session)
    assert {choice.value for choice in conflict.choices} == {"in_progress", "awaiting_parts"}
    assert lost.field == "promised_at"
    assert lost.row == conflict.row
    assert lost.won_terminal != lost.lost_terminal == demo.terminal_id


def test_the_simulated_car_is_one_of_its_vehicles() -> None:
    car = tomllib.loads(path("cars", "demo.toml").read_text("utf-8"))
    assert car["vin"] in {one["vin"] for one in STOCK["vehicles"].values()}


def test_a_demo_that_is_there_already_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    equip(tmp_path, size=40)
    bay = Bay.open(tmp_path)
    vector = bay.records.vector()
    bay.close()
    monkeypatch.setattr(demo_workshop, "fill", None)
    equip(tmp_path, size=40)
    bay = Bay.open(tmp_path)
    assert bay.records.vector() == vector
    bay.close()


def test_what_was_handed_over_was_invoiced_once_and_numbered_without_a_gap(demo: Bay) -> None:
    with demo.records.read() as session:
        delivered = session.scalars(select(RepairOrder.id).where(RepairOrder.status == "delivered")).all()
        invoiced = session.scalars(select(Invoice.order_id)).all()
        numbers = session.scalars(select(InvoiceNumber.sequence).order_by(InvoiceNumber.sequence)).all()
        invoices = session.scalars(select(Invoice)).all()
        sums = select(Payment.invoice_id, func.sum(Payment.amount)).group_by(Payment.invoice_id)
        paid = {row[0]: row[1] for row in session.execute(sums)}
    assert sorted(str(each) for each in invoiced) == sorted(delivered)
    assert len(delivered) >= 40
    assert numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + len(invoices)))
    assert all(paid.get(each.id, each.gross) == each.gross for each in invoices)


def test_the_week_ahead_is_booked_and_its_time_set_aside(demo: Bay) -> None:
    with demo.records.read() as session:
        booked = session.scalars(select(RepairOrder.id).where(RepairOrder.status == "booked")).all()
        planned = set(session.scalars(select(Allocation.order_id)))
        backwards = session.scalars(select(Allocation.id).where(Allocation.ends_at <= Allocation.starts_at)).all()
    assert planned
    assert set(booked) & planned or not booked
    assert not backwards


def test_the_terminal_at_hand_numbers_the_invoices(demo: Bay) -> None:
    with demo.records.read() as session:
        assert series_holder(session) == demo.terminal_id
