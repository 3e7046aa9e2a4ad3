"""What the interface shows and takes of a vehicle."""

from pydantic import BaseModel, Field

from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {
    "plate": "M-OT 1234",
    "vin": "WVWZZZ1JZXW000001",
    "make": "Volkswagen",
    "model": "Golf",
    "odometer_km": 84210,
}


class VehicleFields(BaseModel):
    """What can be written of a vehicle."""

    plate: str = Field(max_length=32, examples=["M-OT 1234"])
    vin: str | None = Field(None, description="17 characters, without I, O and Q.", examples=["WVWZZZ1JZXW000001"])
    make: str | None = Field(None, max_length=60, examples=["Volkswagen"])
    model: str | None = Field(None, max_length=80, examples=["Golf"])
    year: int | None = Field(None, description="Model year.", examples=[2019])
    manufacture_date: str | None = Field(None, examples=["2019-03-14"])
    color: str | None = Field(None, max_length=40, examples=["blue"])
    fuel_type: str | None = Field(
        None, max_length=40, description=f"For example {', '.join(FUEL_TYPES)}.", examples=["petrol"]
    )
    transmission: str | None = Field(
        None, max_length=40, description=f"For example {', '.join(TRANSMISSIONS)}.", examples=["manual"]
    )
    vehicle_type: str | None = Field(None, max_length=40, examples=["car"])
    engine_number: str | None = Field(None, max_length=40, examples=["CHZ123456"])
    status: str | None = Field(
        None,
        max_length=24,
        description=f"For example {', '.join(STATUSES)}; active when not said.",
        examples=["active"],
    )
    customer_id: str | None = Field(None, description="Whose it is.", examples=[WHO])
    fleet_id: str | None = Field(None, examples=[None])
    first_registration: str | None = Field(None, examples=["2019-04-02"])
    registration_due: str | None = Field(None, examples=[None])
    inspection_due: str | None = Field(None, examples=["2027-04-30"])
    notes: str | None = Field(None, examples=["Tow bar fitted 2021."])
    odometer_km: int | None = Field(
        None, description="The last reading; another value becomes a reading of now.", examples=[84210]
    )


class Vehicle(VehicleFields):
    """A vehicle."""

    id: str = Field(examples=[WHO])
    odometer_read_at: int | None = Field(None, examples=[1795392000000])
    odometer_held_km: int | None = Field(
        None,
        description="A value that nobody would believe: it waits at `/api/v1/held-readings` for somebody to decide, "
        "and is no reading before.",
        examples=[1084210],
    )
    odometer_held_id: str | None = Field(None, description="The held reading's id.", examples=[WHO])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Vehicles(BaseModel):
    """A page of vehicles."""

    items: list[Vehicle]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )
