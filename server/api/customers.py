"""``/api/v1/customers``: who brings the vehicles, and how to reach them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.people import customers
from core.people.customers import KINDS
from core.people.roles import Actor
from core.records.paging import LIMIT
from server.api.collection import After, Asker, Collection, Described, Limit, Room, Search, add_routes
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"name": "Anna Ott", "phone": "+49 89 1234567", "email": "anna.ott@example.org"}


class CustomerFields(BaseModel):
    """What can be written of a customer."""

    name: str = Field(max_length=120, examples=["Anna Ott"])
    kind: str | None = Field(None, description=f"{' or '.join(KINDS)}; person when not said.", examples=["person"])
    contact_person: str | None = Field(None, description="Whom to ask for at a company.", examples=[None])
    tax_number: str | None = Field(None, max_length=40, examples=[None])
    language: str | None = Field(None, description="For papers and messages, BCP 47.", examples=["de"])
    notes: str | None = Field(None, examples=["Calls after five."])
    phone: str | None = Field(None, description="The first of its kind.", examples=["+49 89 1234567"])
    mobile: str | None = Field(None, description="The first of its kind.", examples=[None])
    email: str | None = Field(None, description="The first of its kind.", examples=["anna.ott@example.org"])
    address: str | None = Field(None, description="The first of its kind.", examples=["Hauptstr. 1\n80331 München"])


class ContactWay(BaseModel):
    """One way to reach a customer."""

    id: str = Field(examples=[WHO])
    customer_id: str = Field(examples=[WHO])
    kind: str = Field(description="phone, mobile, email or address.", examples=["phone"])
    value: str = Field(examples=["+49 89 1234567"])


class Customer(CustomerFields):
    """A customer."""

    id: str = Field(examples=[WHO])
    contact_ways: list[ContactWay] = Field(description="All of them, the oldest first.")
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Customers(BaseModel):
    """A page of customers."""

    items: list[Customer]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/customers", tags=["customers"])
    room = Room(
        "customers", "customers", "customers", customers.create_customer, customers.change_customer,
        customers.delete_customer, customers.get_customer,
    )  # fmt: skip
    asked = Collection(room, desk)

    @routes.get("", summary="Customers, by the page", response_model=Customers)
    async def list_them(
        *,
        actor: Annotated[Actor, Depends(who)],
        q: Search = None,
        name: Annotated[str | None, Query(description="The whole name, but for case.", examples=["Anna Ott"])] = None,
        kind: Annotated[str | None, Query(description=f"{' or '.join(KINDS)}.", examples=["person"])] = None,
        sort: Annotated[str, Query(description=_orders(), examples=["name"])] = "newest",
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions. Pages stay right while rows come and go: each begins where the last ended."""
        return await asked.list(
            actor, customers.list_customers, search=q, limit=limit, after=after, sort=sort, name=name, kind=kind
        )

    told = Described(
        "customer", "Only `name` is needed.", CustomerFields, Customer, EXAMPLE, {"mobile": "+49 170 123456"}
    )
    add_routes(routes, asked, who, told)
    return routes


def _orders() -> str:
    return f"One of {', '.join(order.name for order in customers.ORDERS)}."
