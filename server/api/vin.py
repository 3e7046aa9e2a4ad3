"""``/api/v1/vin/{vin}``: what a VIN tells, found at this terminal without any network; and a vehicle filled with it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Refused
from core.vehicles.vin_decoding import decode_vin
from core.vehicles.vin_filling import fill_from_vin
from server.api.bodies import json_object
from server.api.collection import Asker, RowId, body_of
from server.api.shown import answer
from server.api.vehicles_shown import Vehicle
from server.desk import Desk


class Facts(BaseModel):
    """What is known from a VIN; null: not known."""

    vin: str = Field(examples=["1HGCM82633A004352"])
    make: str | None = Field(examples=["Honda"])
    model: str | None = Field(examples=["Accord"])
    year: int | None = Field(description="Model year, where it is sure.", examples=[2003])
    years: list[int] = Field(
        description="What the tenth character would mean: it comes back every thirty years, and outside of North "
        "America not every maker writes the model year there.",
        examples=[[2003]],
    )
    trim: str | None = Field(examples=["EX-V6"])
    body: str | None = Field(examples=["Coupe"])
    vehicle_type: str | None = Field(examples=["car"])
    fuel_type: str | None = Field(examples=["petrol"])
    transmission: str | None = Field(examples=["automatic"])
    engine: str | None = Field(examples=["J30A4"])
    cylinders: int | None = Field(examples=[6])
    displacement_cc: int | None = Field(examples=[2999])
    doors: int | None = Field(examples=[2])
    plant: str | None = Field(examples=["Marysville"])
    country: str | None = Field(examples=["United States"])
    region: str | None = Field(examples=["North America"])
    check_digit: bool | None = Field(description="Whether it fits; null: none is demanded there.", examples=[True])
    remark: str = Field(description="What to look at again, in words; never a reason to refuse it.", examples=[""])
    sources: list[str] = Field(description="Which tables were asked.", examples=[["vPIC", "vininfo"]])


class Vin(BaseModel):
    """A VIN that was read from the car, or typed."""

    vin: str = Field(max_length=17, examples=["1HGCM82633A004352"])


class Filled(BaseModel):
    """What became of it."""

    vehicle: Vehicle
    facts: Facts = Field(description="What the VIN tells.")
    fields: list[str] = Field(description="What was filled with it.", examples=[["vin", "make", "model"]])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(tags=["vehicles"])

    @routes.get("/api/v1/vin/{vin}", summary="What a VIN tells", response_model=Facts)
    async def decode(
        actor: Annotated[Actor, Depends(who)],
        vin: Annotated[str, Path(description="17 characters, without I, O and Q.", examples=["1HGCM82633A004352"])],
    ) -> Response:
        """Make, model, year, engine and plant as far as they are sure. A VIN that cannot be one is refused; a check
        digit that does not fit is only remarked on.
        """
        require(actor, "vehicles.read")
        return answer(await desk.run(lambda: decode_vin(vin)))

    @routes.post(
        "/api/v1/vehicles/{id}/fill-from-vin",
        summary="Fill a vehicle from its VIN",
        description="Writes the VIN where none is written, and what it tells into fields that are empty; what is "
        "written stays. Sent twice it changes nothing. A vehicle with another VIN is refused: that is another car.",
        response_model=Filled,
        openapi_extra=body_of(Vin, {"vin": "1HGCM82633A004352"}, required=True),
    )
    async def fill(request: Request, actor: Annotated[Actor, Depends(who)], id_: RowId) -> Response:
        given = await json_object(request)
        unknown = [(name, tr("There is no field of this name.")) for name in given if name != "vin"]
        number = given.get("vin")
        if unknown or not isinstance(number, str):
            raise Refused(*(unknown or [("vin", tr("This is needed."))]))
        change = desk.records.change
        filled = await desk.run(
            lambda: change(actor.reference, lambda session: fill_from_vin(session, actor, id_, number)).value
        )
        return answer(filled)

    return routes
