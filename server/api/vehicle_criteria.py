"""The criteria that vehicles are looked for with, as query parameters: the same for the list and for the figures."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy.orm import Session

from core.people.roles import Actor
from core.records.input import Refused
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS
from core.vehicles.saved_filters import get_filter
from core.vehicles.search import VehicleCriteria

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
Words = Annotated[list[str], Query(description="Any of these.", examples=[["van"]])]


@dataclass(frozen=True, slots=True)
class Asked:
    """Criteria, and the saved search they stand beside."""

    criteria: VehicleCriteria
    filter: str | None = None

    def found(self, session: Session, actor: Actor) -> tuple[VehicleCriteria, str | None, bool | None]:
        """The criteria, and the order the saved search keeps. Raises ``Denied``, ``NotFound``, ``Refused``."""
        if self.filter is None:
            return self.criteria, None, None
        saved = get_filter(session, actor, self.filter)
        sort, descending = saved.criteria.get("sort"), saved.criteria.get("descending")
        if self.criteria.text == "":
            return self.criteria, sort, descending
        return VehicleCriteria.of({**saved.vehicle_criteria().given(), **self.criteria.given()}), sort, descending


async def criteria(
    *,
    q: Annotated[
        str | None,
        Query(
            description="Words, each the beginning of one in the vehicle or in its customer's name.",
            examples=["golf miller"],
        ),
    ] = None,
    plate: Annotated[str | None, Query(description="But for case, blanks, hyphens.", examples=["M-OT 1234"])] = None,
    vin: Annotated[str | None, Query(description="The whole VIN.", examples=["WVWZZZ1JZXW000001"])] = None,
    make: Annotated[str | None, Query(description="But for case.", examples=["Volkswagen"])] = None,
    model: Annotated[str | None, Query(description="But for case.", examples=["Golf"])] = None,
    year_from: Annotated[int | None, Query(description="Model year, this or later.", examples=[2015])] = None,
    year_to: Annotated[int | None, Query(description="Model year, this or earlier.", examples=[2020])] = None,
    odometer_from: Annotated[int | None, Query(description="km of the last reading, or more.", examples=[1])] = None,
    odometer_to: Annotated[int | None, Query(description="km of the last reading, or less.", examples=[90000])] = None,
    fuel_type: Annotated[
        list[str], Query(description=f"Any of these, for example {', '.join(FUEL_TYPES)}.", examples=[["diesel"]])
    ] = [],  # noqa: B006
    transmission: Annotated[
        list[str], Query(description=f"Any of these, for example {', '.join(TRANSMISSIONS)}.", examples=[["manual"]])
    ] = [],  # noqa: B006
    vehicle_type: Words = [],  # noqa: B006
    status: Annotated[
        list[str], Query(description=f"Any of these, for example {', '.join(STATUSES)}.", examples=[["active"]])
    ] = [],  # noqa: B006
    features: Annotated[
        list[str], Query(description="With any of these features, but for case.", examples=[["tow bar"]])
    ] = [],  # noqa: B006
    customer_id: Annotated[str | None, Query(description="Whose they are.", examples=[WHO])] = None,
    fleet_id: Annotated[str | None, Query(description="Which fleet's they are.", examples=[WHO])] = None,
    serviced_from: Annotated[
        str | None, Query(description="Last served on this day or later: a repair order delivered.", examples=[None])
    ] = None,
    serviced_to: Annotated[
        str | None, Query(description="Last served on this day or earlier.", examples=["2025-11-22"])
    ] = None,
    filter_: Annotated[
        str | None,
        Query(
            alias="filter",
            description="A saved search by its id (`/api/v1/filters`); what is asked for beside it takes the place of "
            "what it says of the same.",
            examples=[WHO],
        ),
    ] = None,
) -> Asked:
    """What was asked for. Raises ``Refused``."""
    given: dict[str, Any] = {
        "text": q, "plate": plate, "vin": vin, "make": make, "model": model, "year_from": year_from,
        "year_to": year_to, "odometer_from": odometer_from, "odometer_to": odometer_to, "fuel_type": fuel_type,
        "transmission": transmission, "vehicle_type": vehicle_type, "status": status, "features": features,
        "customer_id": customer_id, "fleet_id": fleet_id, "serviced_from": serviced_from, "serviced_to": serviced_to,
    }  # fmt: skip
    blank = q is not None and not q.strip()  # nothing typed finds nothing, as in a search box
    try:
        found = VehicleCriteria.of({name: value for name, value in given.items() if value not in (None, "", [])})
    except Refused as refused:
        raise Refused(*(("q" if field == "text" else field, words) for field, words in refused.problems)) from None
    return Asked(VehicleCriteria(text="") if blank else found, filter_ or None)
