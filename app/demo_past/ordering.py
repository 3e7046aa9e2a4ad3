"""How the store of the demo is kept filled: on Mondays what fell below its minimum is ordered, and comes days later."""

import datetime as dt
import random

from app.demo_past.diary import MINUTE, at
from app.demo_past.rows import World
from app.demo_past.setting import Setting
from core.records.fields import Synced
from core.records.ids import new_id
from core.workshop.parts_models import Part, PurchaseOrder, PurchaseOrderLine, StockMove

FIRST = 501
_TEN = 10 * 60  # in the morning


class Ordering:
    """The purchase orders, numbered one after another. ``arrivals`` wait for their day."""

    def __init__(self, seed: int, world: World, setting: Setting) -> None:
        self._world, self._setting = world, setting
        self._dice = random.Random(f"{seed}/ordering")
        self._sequence = FIRST - 1
        self._arrivals: list[tuple[dt.date, PurchaseOrder, list[PurchaseOrderLine]]] = []
        self._buyer = next(each for each in setting.staff if each.role == "parts")

    def on(self, date: dt.date) -> list[Synced]:
        """What is ordered and received on that day."""
        rows: list[Synced] = []
        for arrival in [each for each in self._arrivals if each[0] <= date]:
            self._arrivals.remove(arrival)
            rows += self._received(*arrival)
        if date.weekday() == 0:
            for key in self._setting.suppliers:
                rows += self._ordered(key, date)
        return rows

    def _ordered(self, supplier: str, date: dt.date) -> list[Synced]:
        bought = self._setting.suppliers[supplier]
        waiting = {line.part_id for _, _, lines in self._arrivals for line in lines}
        low = [
            (key, part)
            for key, part in self._world.parts.items()
            if part.supplier_id == bought.id and part.id not in waiting and self._low(key, part)
        ]
        if not low:
            return []
        self._sequence += 1
        moment = at(date, _TEN)
        expected = date + dt.timedelta(days=bought.lead_days or 1)
        order = PurchaseOrder(
            id=new_id(moment, self._dice),
            number=f"P{self._sequence}-{self._world.suffix}",
            sequence=self._sequence,
            supplier_id=bought.id,
            status="ordered",
            ordered_at=moment,
            expected_on=expected.isoformat(),
        )
        lines = [self._line(order, position, key, part) for position, (key, part) in enumerate(low, 1)]
        self._arrivals.append((expected, order, lines))
        return [order, *lines]

    def _low(self, key: str, part: Part) -> bool:
        left = self._world.left.get(key, 0)
        return left < (part.minimum or 0) or left < 0

    def _line(self, order: PurchaseOrder, position: int, key: str, part: Part) -> PurchaseOrderLine:
        wanted = max(part.order_up_to or 0, part.minimum or 0, 1000) - self._world.left.get(key, 0)
        return PurchaseOrderLine(
            id=new_id(order.ordered_at or 0, self._dice),
            purchase_order_id=order.id,
            part_id=part.id,
            description=part.name,
            part_number=part.number,
            quantity=-(-wanted // 1000) * 1000,
            unit_cost=part.cost,
            position=position,
        )

    def _received(self, date: dt.date, order: PurchaseOrder, lines: list[PurchaseOrderLine]) -> list[Synced]:
        keys = {part.id: key for key, part in self._world.parts.items()}
        order.status = "received"
        moment = at(date, _TEN) + 30 * MINUTE
        moves: list[Synced] = [order]  # its status is written with the receipts
        for line in lines:
            key = keys[str(line.part_id)]
            self._world.left[key] = self._world.left.get(key, 0) + (line.quantity or 0)
            moves.append(
                StockMove(
                    id=new_id(moment, self._dice),
                    part_id=line.part_id,
                    quantity=line.quantity,
                    reason="receipt",
                    purchase_line_id=line.id,
                    unit_cost=line.unit_cost,
                    moved_by=f"staff:{self._buyer.id}",
                    moved_by_name=self._buyer.name,
                    moved_at=moment,
                )
            )
        return moves
