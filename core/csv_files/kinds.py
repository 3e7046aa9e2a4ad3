"""What can be imported: of each kind its columns, what stands in them, and by what names other programs call them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.csv_files.cells import Style, day_of, kilometres_of, number_of, text_of
from core.language import mark
from core.records.input import Value

Parse = Callable[[str, Style], Value]


class What(StrEnum):
    """What stands in a column, for guessing how the file writes it."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind. ``words``: what people call it. ``names``: what files call it, in small letters."""

    words: str
    parse: Parse = text_of
    what: What = What.TEXT
    required: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be imported."""

    name: str
    words: str
    columns: Mapping[str, Column] = field(default_factory=dict)


_MONEY = number_of(100, unit="€ $ £ EUR USD GBP CHF")
_QUANTITY = number_of(1000)
_WHOLE = number_of(1)


def _number(words: str, parse: Parse, *names: str) -> Column:
    return Column(words, parse, What.NUMBER, names=names)


def _day(words: str, *names: str, required: bool = False) -> Column:
    return Column(words, day_of, What.DAY, required, names)


VEHICLES = Kind(
    "vehicles",
    mark("Vehicles"),
    {
        "plate": Column(
            mark("Plate"), required=True, names=("license plate", "licence plate", "licenseplate", "kennzeichen")
        ),
        "vin": Column(mark("VIN"), names=("chassis number", "fahrgestellnummer", "fin")),
        "make": Column(mark("Make"), names=("manufacturer", "brand", "marke", "hersteller")),
        "model": Column(mark("Model"), names=("modell",)),
        "year": _number(mark("Model year"), _WHOLE, "model year", "modelyear", "baujahr", "jahr"),
        "manufacture_date": _day(mark("Built on"), "built"),
        "color": Column(mark("Colour"), names=("colour", "farbe")),
        "fuel_type": Column(mark("Fuel"), names=("fuel", "fuel type", "kraftstoff")),
        "transmission": Column(mark("Transmission"), names=("gearbox", "getriebe")),
        "vehicle_type": Column(mark("Kind of vehicle"), names=("type", "body", "fahrzeugart")),
        "engine_number": Column(mark("Engine number"), names=("engine no", "motornummer")),
        "status": Column(mark("Status")),
        "first_registration": _day(mark("First registration"), "registered", "erstzulassung"),
        "registration_due": _day(mark("Registration due")),
        "inspection_due": _day(mark("Inspection due"), "mot due", "hu", "tüv", "next inspection"),
        "odometer_km": Column(
            mark("Odometer"), kilometres_of, What.NUMBER, names=("odometer", "mileage", "km", "kilometerstand")
        ),
        "customer": Column(mark("Customer"), names=("owner", "customer name", "kunde", "halter")),
        "notes": Column(mark("Notes"), names=("remarks", "bemerkungen", "notizen")),
    },
)
CUSTOMERS = Kind(
    "customers",
    mark("Customers"),
    {
        "name": Column(mark("Name"), required=True, names=("customer", "customer name", "company", "kunde", "firma")),
        "kind": Column(mark("Person or company"), names=("type", "art")),
        "contact_person": Column(mark("Contact person"), names=("contact", "ansprechpartner")),
        "phone": Column(mark("Phone"), names=("telephone", "telefon", "tel")),
        "mobile": Column(mark("Mobile"), names=("cell", "mobil", "handy")),
        "email": Column(mark("Email"), names=("e-mail", "mail")),
        "address": Column(mark("Address"), names=("street", "anschrift", "adresse")),
        "tax_number": Column(mark("Tax number"), names=("vat", "vat number", "ust-id", "steuernummer")),
        "language": Column(mark("Language"), names=("sprache",)),
        "notes": Column(mark("Notes"), names=("remarks", "bemerkungen", "notizen")),
    },
)
PARTS = Kind(
    "parts",
    mark("Parts"),
    {
        "number": Column(
            mark("Part number"),
            required=True,
            names=("part number", "partnumber", "sku", "artikelnummer", "teilenummer"),
        ),
        "name": Column(mark("Name"), required=True, names=("description", "part", "bezeichnung")),
        "manufacturer": Column(mark("Manufacturer"), names=("brand", "make", "hersteller")),
        "barcode": Column(mark("Barcode"), names=("ean", "gtin", "upc")),
        "unit": Column(mark("Unit"), names=("einheit",)),
        "location": Column(mark("Where it lies"), names=("bin", "shelf", "lagerort")),
        "minimum": _number(mark("Minimum"), _QUANTITY, "min", "mindestbestand"),
        "order_up_to": _number(mark("Order up to"), _QUANTITY, "max", "maximum"),
        "cost": _number(mark("Cost"), _MONEY, "purchase price", "einkaufspreis", "ek"),
        "price": _number(mark("Price"), _MONEY, "sales price", "verkaufspreis", "vk"),
        "stock": _number(mark("In stock"), _QUANTITY, "quantity", "on hand", "bestand", "partquantity"),
        "supplier": Column(mark("Supplier"), names=("partsupplier", "vendor", "lieferant")),
        "supplier_number": Column(mark("Supplier's number"), names=("supplier number",)),
        "notes": Column(mark("Notes"), names=("remarks", "bemerkungen", "notizen")),
    },
)
HISTORY = Kind(
    "history",
    mark("History"),
    {
        "plate": Column(mark("Plate"), names=VEHICLES.columns["plate"].names),
        "vin": Column(mark("VIN"), names=VEHICLES.columns["vin"].names),
        "date": _day(mark("Day"), "day", "service date", "datum", required=True),
        "odometer_km": Column(
            mark("Odometer"), kilometres_of, What.NUMBER, names=VEHICLES.columns["odometer_km"].names
        ),
        "description": Column(
            mark("What was done"), required=True, names=("service", "work", "beschreibung", "arbeit")
        ),
        "notes": Column(mark("Notes"), names=("remarks", "bemerkungen", "notizen")),
        "cost": _number(mark("What it came to"), _MONEY, "total", "amount", "betrag", "kosten", "price"),
        "number": Column(mark("Their number"), names=("order number", "invoice", "rechnung", "auftrag")),
    },
)
KINDS: Mapping[str, Kind] = {each.name: each for each in (VEHICLES, CUSTOMERS, PARTS, HISTORY)}
