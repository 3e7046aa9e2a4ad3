"""Two terminals of one workshop, each with its own records and window, and a cable between them to pull."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy.orm import Session

from core.people.customers import create_customer
from core.people.roles import Actor, Role
from core.records.ids import new_id
from core.records.records import Records
from core.sync.exchange import Exchange
from core.sync.members import Terminal, Workshop
from core.vehicles.vehicles import create_vehicle
from core.workshop.notes import add_note
from core.workshop.orders import RepairOrderView, change_repair_order, create_repair_order, get_repair_order
from tests.ui.fake_link import FakeLink, peer
from tests.ui.fake_session import FakeSession
from ui.context import UiContext
from ui.membership import Membership
from ui.pages import PageEntry
from ui.pages.registry import ENTRIES
from ui.shell import Shell

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("orders", "changes", "bays"))
LONGEST_S = 15.0  # a wait for what happens at once; only a broken window takes it all


def until(done: Callable[[], object], what: str = "") -> None:
    """Let the windows live until ``done`` answers yes."""
    deadline = time.monotonic() + LONGEST_S
    while not done():
        assert time.monotonic() < deadline, f"it did not happen: {what}"
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        time.sleep(0.005)


@dataclass
class Bay:
    """One terminal."""

    name: str
    records: Records
    exchange: Exchange
    link: FakeLink
    context: UiContext

    @property
    def actor(self) -> Actor:
        assert self.context.actor is not None
        return self.context.actor

    def window(self, pages: tuple[PageEntry, ...] = PAGES) -> Shell:
        """A window on this terminal, with these pages."""
        shell = Shell(self.context, pages)
        shell.resize(1280, 800)
        shell.show()
        return shell

    def set(self, order: str, **fields: object) -> RepairOrderView:
        """Change an order as somebody at this terminal."""
        work = lambda session: change_repair_order(session, self.actor, order, fields)  # noqa: E731
        return self.records.change(self.actor.reference, work).value

    def new_order(self, **fields: object) -> RepairOrderView:
        work = lambda session: create_repair_order(session, self.actor, fields)  # noqa: E731
        return self.records.change(self.actor.reference, work).value

    def order(self, row: str) -> RepairOrderView:
        with self.records.read() as session:
            return get_repair_order(session, row)

    def meet(self, other: "Bay") -> None:
        """Plug the cable in: both have everything afterwards."""
        meet(self.exchange, other.exchange)


def open_bays(folder: Path, *names: str) -> list[Bay]:
    """Terminals of one workshop, in step, each with its own file."""
    kept = _founded(names)
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Bay] = []
    for name in names:
        row, stored = kept[name]
        (folder / f"{name}.db").write_bytes(stored)
        records = Records.open(folder / f"{name}.db")
        actor = Actor("terminal", row, name, Role.OWNER)
        link = FakeLink(*(peer(other) for other in names if other != name))
        context = UiContext(FakeSession(2), terminal_name=name, version="0.1.0", home=folder)
        context.page_addresses = lambda: ("http://192.168.1.20:8420/",)
        context.membership = Membership("Schmidt & Daughters", row, f"{name}-DEVICE-KEY", records, link, actor)
        made.append(Bay(name, records, Exchange(records), link, context))
    return made


@cache
def _founded(names: tuple[str, ...]) -> dict[str, tuple[str, bytes]]:
    """The files of a workshop just founded, by terminal, with its row: made once, opened by every test."""
    now = round(time.time() * 1000)
    rows = {name: new_id(now) for name in names}
    with TemporaryDirectory() as folder:
        files = {name: Path(folder, f"{name}.db") for name in names}
        opened = [Records.open(file) for file in files.values()]
        for records, row in zip(opened, rows.values(), strict=True):
            records.join(row)

        def found(session: Session) -> None:
            session.add(Workshop(name="Schmidt & Daughters"))
            for name, row in rows.items():
                session.add(Terminal(id=row, name=name, joined_at=now))

        opened[0].change("system", found)
        for records in opened[1:]:
            meet(Exchange(records), Exchange(opened[0]))
        for records in opened:
            records.close()
        return {name: (rows[name], file.read_bytes()) for name, file in files.items()}


def meet(caller: Exchange, called: Exchange) -> None:
    """Plug the cable in: both have everything afterwards."""

    class Cable:
        def request(self, kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
            return called.answer(kind, dict(message), "device")

    caller.round(Cable())


def furnish(bay: Bay) -> None:
    """A dozen orders of the kind a workshop has, for pictures and for lists."""
    cars = (
        ("HH AB 123", "Volkswagen", "Golf", 2019, "Anna Berg", "Grinding noise from the front left when braking"),
        ("M XY 4711", "BMW", "320d Touring", 2016, "Max Schuster", "Oil service, inspection due"),
        ("B CD 77", "Toyota", "Yaris Hybrid", 2021, "Lena Kowalczyk", "Warning lamp of the engine since Monday"),
        ("S TU 2024", "Mercedes-Benz", "Sprinter 316 CDI", 2018, "Bäckerei Hinterhuber GmbH & Co. KG",
         "Rear door does not close; delivery tour starts at 4 in the morning, must be ready the evening before"),
        ("K LM 9", "Fiat", "500", 2014, "Paul Neumann", "Winter tyres on"),
        ("F QR 314", "Opel", "Astra", 2012, "Sofia Rossi", "Air conditioning blows warm"),
    )  # fmt: skip
    for at, car in enumerate(cars):
        bay.records.change(bay.actor.reference, partial(_furnish_one, bay, at, car))


def _furnish_one(bay: Bay, at: int, car: tuple[Any, ...], session: Any) -> None:
    plate, make, model, year, who, asked = car
    customer = create_customer(session, bay.actor, {"name": who, "phone": f"+49 40 12345{at}"})
    fields = {"plate": plate, "make": make, "model": model, "year": year, "customer_id": customer.id}
    vehicle = create_vehicle(session, bay.actor, fields)
    wanted = {
        "vehicle_id": vehicle.id,
        "complaint": asked,
        "status": ("booked", "arrived", "in_progress", "awaiting_parts", "ready", "diagnosing")[at],
        "promised_at": round(time.time() * 1000) + (at - 2) * 3 * 3_600_000,
    }
    order = create_repair_order(session, bay.actor, wanted)
    if at % 2 == 0:
        text = "Customer wants to be called before anything over 300 € is ordered."
        add_note(session, bay.actor, {"order_id": order.id, "text": text})


def quarrel(one: Bay, other: Bay, order: str) -> None:
    """Both change the same order without knowing of each other, and meet again."""
    one.set(order, promised_at=1_790_006_400_000, cause="Pads worn to 1 mm, disc scored")
    other.set(order, promised_at=1_790_013_600_000)
    one.set(order, status="ready")
    other.set(order, status="awaiting_parts", correction="Pads fitted")
    one.meet(other)
