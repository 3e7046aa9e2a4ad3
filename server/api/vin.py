"""``/api/v1/vin/{vin}``: what a VIN tells, found at this terminal without any network."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people.roles import Actor, require
from core.vehicles.vin_decoding import decode_vin
from server.api.collection import Asker
from server.api.shown import answer
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


def router(desk: Desk, who: Asker) -> APIRouter:
    """The route; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/vin", tags=["vehicles"])

    @routes.get("/{vin}", summary="What a VIN tells", response_model=Facts)
    async def decode(
        actor: Annotated[Actor, Depends(who)],
        vin: Annotated[str, Path(description="17 characters, without I, O and Q.", examples=["1HGCM82633A004352"])],
    ) -> Response:
        """Make, model, year, engine and plant as far as they are sure. A VIN that cannot be one is refused; a check
        digit that does not fit is only remarked on.
        """
        require(actor, "vehicles.read")
        return answer(await desk.run(lambda: decode_vin(vin)))

    return routes
