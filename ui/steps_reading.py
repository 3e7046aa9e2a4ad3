"""What a new workshop still lacks before its first invoice, read off the window's thread."""

from dataclasses import dataclass

from core.people.staff import StaffView, list_staff
from core.planning.shifts import list_shifts
from core.planning.work_bays import list_work_bays
from core.records.records import Records
from core.workshop.shop import shop_details
from core.workshop.tax_rules import list_tax_rules

MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Steps:
    """What is there already. ``without_pin``: somebody who works here and could be given one."""

    shop: bool  # it has a name and an address
    tax: bool
    bay: bool
    pin: bool
    shifts: bool
    without_pin: StaffView | None = None

    @property
    def all_done(self) -> bool:
        return self.shop and self.tax and self.bay and self.pin and self.shifts


def read_steps(records: Records) -> Steps:
    """Raises ``RecordsError``."""
    with records.read() as session:
        shop = shop_details(session)
        working = [each for each in list_staff(session, limit=MOST_PEOPLE).items if each.active]
        return Steps(
            shop=bool(shop.name and shop.address),
            tax=any(each.active and each.rate is not None for each in list_tax_rules(session)),
            bay=bool(list_work_bays(session, limit=1).items),
            pin=any(each.has_pin for each in working),
            shifts=bool(list_shifts(session, limit=1).items),
            without_pin=next((each for each in working if not each.has_pin), None),
        )
