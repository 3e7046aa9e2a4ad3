"""What belongs to a vehicle, each at its own address, so that a profile loads what is looked at: ``/api/v1/features``,
``/api/v1/installed-parts``, ``/api/v1/insurances``, ``/api/v1/warranties``, ``/api/v1/documents``, and its owners.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, create_model
from pydantic import Field as Shown
from sqlalchemy.orm import Session
from starlette.responses import Response

from core.people.roles import Actor, may
from core.records.paging import LIMIT, Page
from core.vehicles import documents, features, installed_parts, insurances, owners, warranties
from core.vehicles.fleet_access import require_seeing
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, add_routes
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
Listing = Callable[[Session, str, str | None, int], Page[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of things that belong to a vehicle. ``example``: a value of each field that can be written."""

    room: Room[Any]
    listing: Listing
    one: str
    many: str
    needed: str
    required: Sequence[str]
    example: Mapping[str, Any]
    told: Mapping[str, str]
    more: Mapping[str, Any]  # shown, not written


def _whole(found: Callable[[Session, str], tuple[Any, ...]]) -> Listing:
    """A list that is never long, as one page."""
    return lambda session, vehicle_id, _after, _limit: Page(found(session, vehicle_id))


def _kinds() -> tuple[Kind, ...]:
    seen = _seen
    return (
        Kind(
            Room("features", "vehicle_features", "vehicles", features.add_feature, features.change_feature,
                 features.delete_feature, features.get_feature, seen),
            _whole(features.list_features), "feature", "Features of a vehicle", "`vehicle_id` and `name` are needed.",
            ("vehicle_id", "name"), {"vehicle_id": WHO, "name": "tow bar"}, {}, {},
        ),
        Kind(
            Room("installed-parts", "installed_parts", "vehicles", installed_parts.create_installed_part,
                 installed_parts.change_installed_part, installed_parts.delete_installed_part,
                 installed_parts.get_installed_part, seen),
            lambda session, vehicle, after, limit: installed_parts.list_installed_parts(
                session, vehicle, after=after, limit=limit),
            "part in a vehicle", "Parts in a vehicle", "`vehicle_id` and `name` are needed.", ("vehicle_id", "name"),
            {"vehicle_id": WHO, "part_id": None, "order_id": None, "line_id": None, "name": "Front brake disc",
             "part_number": "09.A758.11", "place": "front left", "quantity": 1000, "fitted_on": "2026-11-22",
             "fitted_at_odometer": 84210, "removed_on": None},
            {"part_id": "Of the store.", "order_id": "The work it came in with.", "quantity": "Thousandths.",
             "fitted_at_odometer": "km.", "removed_on": "null: it sits there."}, {},
        ),
        Kind(
            Room("insurances", "insurances", "vehicles", insurances.create_insurance, insurances.change_insurance,
                 insurances.delete_insurance, insurances.get_insurance, seen),
            _whole(insurances.list_insurances), "insurance", "Who insures a vehicle",
            "`vehicle_id` and `company` are needed.", ("vehicle_id", "company"),
            {"vehicle_id": WHO, "company": "Alpine Mutual", "policy_number": "KFZ-123456", "cover": "comprehensive",
             "valid_from": "2026-01-01", "valid_until": "2026-12-31", "notes": None},
            {"valid_until": "It is covered, too."}, {},
        ),
        Kind(
            Room("warranties", "warranties", "vehicles", warranties.create_warranty, warranties.change_warranty,
                 warranties.delete_warranty, warranties.get_warranty, seen),
            _whole(warranties.list_warranties), "warranty", "Warranties on a vehicle",
            "`vehicle_id` and `name` are needed.", ("vehicle_id", "name"),
            {"vehicle_id": WHO, "order_id": None, "name": "Clutch", "giver": "the workshop",
             "valid_from": "2026-11-22", "valid_until": "2028-11-22", "up_to_odometer": 124210, "notes": None},
            {"order_id": "The work it is on.", "up_to_odometer": "km; it ends with the first of both."}, {},
        ),
        Kind(
            Room("documents", "documents", "vehicles", documents.create_document, documents.change_document,
                 documents.delete_document, documents.get_document, seen),
            lambda session, vehicle, after, limit: documents.list_documents(
                session, vehicle, after=after, limit=limit),
            "paper", "Papers of a vehicle", "`vehicle_id`, `name` and `file_sha256` are needed.",
            ("vehicle_id", "name", "file_sha256"),
            {"vehicle_id": WHO, "order_id": None, "name": "Registration", "kind": "registration",
             "file_sha256": "ab" * 32, "thumbnail_sha256": None, "media_type": "application/pdf", "size": 48000},
            {"order_id": "The work it belongs to.", "file_sha256": "Its name among the files.", "size": "Bytes."},
            {"created_at": 1795392000000, "changed_at": 1795392000000},
        ),
    )  # fmt: skip


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter()
    for kind in _kinds():
        routes.include_router(_room(kind, desk, who))
    routes.include_router(_owners(desk, who))
    return routes


def _room(kind: Kind, desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix=f"/api/v1/{kind.room.path}", tags=["vehicles"])
    fields, shown = _models(kind)
    page = create_model(
        f"{shown.__name__}Page",
        items=(list[shown], ...),  # type: ignore[valid-type]
        next=(str | None, Shown(description="Send it as `after`; null: this was the last.", examples=[None])),
    )
    asked = Collection(kind.room, desk)

    @routes.get("", summary=kind.many, response_model=page)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        vehicle_id: Annotated[str, Query(description="Of this vehicle.", examples=[WHO])],
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those of one vehicle, for whoever may see it: a profile asks for them when they are looked at."""

        def look(session: Session) -> Page[Any]:
            require_seeing(session, actor, vehicle_id)
            return kind.listing(session, vehicle_id, after, limit)

        return await asked.page(look)

    part = {name: value for name, value in kind.example.items() if name == kind.required[1]}
    add_routes(routes, asked, who, Described(kind.one, kind.needed, fields, shown, kind.example, part))
    return routes


def _models(kind: Kind) -> tuple[type[BaseModel], type[BaseModel]]:
    """What is written and what is shown, made of the example, which has a value of every field."""
    name = kind.room.path.title().replace("-", "")
    given: dict[str, Any] = {
        field: (_type(value, field in kind.required), Shown(
            ... if field in kind.required else None, description=kind.told.get(field), examples=[value]))
        for field, value in kind.example.items()
    }  # fmt: skip
    fields = create_model(f"{name}Fields", **given)
    more: dict[str, Any] = {field: (int | None, Shown(None, examples=[value])) for field, value in kind.more.items()}
    return fields, create_model(name, __base__=fields, id=(str, Shown(examples=[WHO])), **more)


def _type(example: Any, required: bool) -> Any:
    kind = int if isinstance(example, int) else str
    return kind if required else kind | None


def _seen(session: Session, actor: Actor, view: Any) -> bool:
    """Of a vehicle that has not arrived yet, too, for who reads them all."""
    if not may(actor, "vehicles.read"):
        require_seeing(session, actor, view.vehicle_id or "")
    return True


class Owner(BaseModel):
    """From when to when a vehicle was a customer's."""

    id: str = Shown(examples=[WHO])
    vehicle_id: str | None = Shown(examples=[WHO])
    customer_id: str | None = Shown(examples=[WHO])
    since: str | None = Shown(examples=["2024-03-01"])
    until: str | None = Shown(description="null: it still is.", examples=[None])


class Owners(BaseModel):
    """The owners that are known, the last first."""

    items: list[Owner]


def _owners(desk: Desk, who: Asker) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/vehicles", tags=["vehicles"])

    @routes.get("/{id}/owners", summary="Whose a vehicle was", response_model=Owners)
    async def owners_of(actor: Annotated[Actor, Depends(who)], id_: RowId) -> Response:
        """Written by itself when a vehicle gets another customer. Only who reads all vehicles is told of the others."""

        def look() -> tuple[owners.OwnerPeriodView, ...]:
            with desk.records.read() as session:
                everybody = require_seeing(session, actor, id_)
                found = owners.list_owners(session, id_)
                return found if everybody else tuple(each for each in found if each.customer_id == actor.id)

        return answer({"items": await desk.run(look)})

    return routes
