"""What a VIN tells about a vehicle, found without any network: what is not known for sure is left out, not guessed.

Two tables are asked. ``ultravin`` has what makers report to NHTSA (vPIC) for vehicles sold in North America, down to
the model and the engine; it has wheels for x86-64 only, so it may not be there. ``vininfo`` knows makers, countries and
the model year's letter of all the world, and for a few makers more.

Which is believed, and how far:

- Details of ``ultravin`` count only with a right check digit, which 49 CFR 565.15 demands of the vehicles it is about.
  A European VIN matches patterns of North American models by chance.
- The tenth character is the model year by law in North America. Elsewhere ISO 3779 only proposes it, and makers differ
  (Mercedes-Benz has the side of the steering wheel there, Fiat a nought). And it comes back every thirty years. So
  ``year`` is set where it is law, and ``years`` has what it would mean.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from core.language import tr
from core.records.input import Refused, Wrong
from core.vehicles.vin import has_check_digit, length_problem, remark, vin

NORTH_AMERICA = "12345"  # first characters, ISO 3780
ULTRAVIN, VININFO = "vPIC", "vininfo"

_FUELS = {
    "gasoline": "petrol",
    "diesel": "diesel",
    "electric": "electric",
    "compressed natural gas (cng)": "cng",
    "natural gas": "cng",
    "liquefied petroleum gas (propane or lpg)": "lpg",
    "ethanol (e85)": "ethanol",
    "flexible fuel vehicle (ffv)": "ethanol",
    "fuel cell": "hydrogen",
    "compressed hydrogen/hydrogen": "hydrogen",
}
_TRANSMISSIONS = {
    "manual/standard": "manual",
    "automatic": "automatic",
    "automated manual transmission (amt)": "automatic",
    "dual-clutch transmission (dct)": "dual_clutch",
    "continuously variable transmission (cvt)": "cvt",
    "electronic continuously variable (e-cvt)": "cvt",
}
_TYPES = {
    "passenger car": "car",
    "multipurpose passenger vehicle (mpv)": "car",
    "truck": "truck",
    "bus": "bus",
    "motorcycle": "motorcycle",
    "trailer": "trailer",
}
_MAKES = {"Fiat Automobiles": "Fiat", "Volvo Cars": "Volvo", "Opel/Vauxhall": "Opel"}  # as they stand on the car
_SHORT = 3  # letters of a make that is written in capitals: BMW, GMC


@dataclass(frozen=True, slots=True)
class VinFacts:
    """What is known from a VIN; None: not known.

    ``year`` is the model year where it is sure, ``years`` all that it may be, the latest first. ``fuel_type`` and
    ``transmission`` are words of ``models.FUEL_TYPES`` and ``TRANSMISSIONS``. ``check_digit``: whether it fits; None:
    none is demanded there. ``remark``: what to look at again, in words; "" for nothing. ``sources``: what was asked.
    """

    vin: str
    make: str | None = None
    model: str | None = None
    year: int | None = None
    years: tuple[int, ...] = ()
    trim: str | None = None
    body: str | None = None
    vehicle_type: str | None = None
    fuel_type: str | None = None
    transmission: str | None = None
    engine: str | None = None
    cylinders: int | None = None
    displacement_cc: int | None = None
    doors: int | None = None
    plant: str | None = None
    country: str | None = None
    region: str | None = None
    check_digit: bool | None = None
    remark: str = ""
    sources: tuple[str, ...] = ()


def decode_vin(number: str) -> VinFacts:
    """What a VIN tells, offline. One of before 1981 tells nothing. Raises ``Refused``: it cannot be a VIN."""
    try:
        plain = vin(number)
    except Wrong as wrong:
        raise Refused(("vin", str(wrong))) from None
    if not isinstance(plain, str):
        raise Refused(("vin", tr("This is needed.")))
    words = length_problem(plain, None)
    if words:
        raise Refused(("vin", words))
    everywhere = _of_the_world(plain)
    lawful = has_check_digit(plain)
    demanded = plain[0] in NORTH_AMERICA
    found: dict[str, Any] = everywhere | (_of_north_america(plain) if lawful else {})
    years = found.pop("years", ())
    if lawful and demanded and "year" not in found:
        found["year"] = _year_by_law(plain, years)
    asked = [name for name, there in ((ULTRAVIN, lawful and _module("ultravin")), (VININFO, everywhere)) if there]
    known = {name: value for name, value in found.items() if value not in (None, "")}
    return VinFacts(
        plain,
        **known,
        years=years,
        check_digit=lawful if demanded or lawful else None,
        remark=remark(plain),
        sources=tuple(asked),
    )


def _of_the_world(number: str) -> dict[str, Any]:
    """Maker, country and years by ``vininfo``, with what it knows of a few makers' own descriptions."""
    library = _module("vininfo")
    if library is None:
        return {}
    told = library.Vin(number)
    maker = told.manufacturer
    known = maker and "unsupported" not in str(maker).casefold()
    found = {
        "make": _MAKES.get(maker, maker) if known else None,
        "country": told.country,
        "region": told.region,
        "years": tuple(told.years),
    }
    details = told.details
    for ours, theirs in (("model", "model"), ("body", "body"), ("plant", "plant")):
        # Where it has no word for a code it gives the code itself.
        word = str(getattr(details, theirs, "") or "")
        if len(word) > 2 and not word.isdigit():
            found[ours] = word
    return found


def _of_north_america(number: str) -> dict[str, Any]:
    """The rest by ``ultravin``, of a VIN whose check digit is right; nothing when it is not installed."""
    library = _module("ultravin")
    if library is None:
        return {}
    told = library.decode(number)
    words: Mapping[str, Any] = told["attributes"]

    def word(name: str) -> str | None:
        value = words.get(name)
        return value if isinstance(value, str) and value and value != "Not Applicable" else None

    found = {
        "make": _make(word("Make")),
        "model": word("Model"),
        "year": told["model_year"] if number[0] in NORTH_AMERICA or word("Model") else None,
        "trim": word("Trim"),
        "body": word("Body Class"),
        "vehicle_type": _TYPES.get((word("Vehicle Type") or "").casefold()),
        "fuel_type": _fuel(word("Fuel Type - Primary"), word("Electrification Level")),
        "transmission": _TRANSMISSIONS.get((word("Transmission Style") or "").casefold()),
        "engine": word("Engine Model"),
        "cylinders": _whole(word("Engine Number of Cylinders")),
        "displacement_cc": _whole(word("Displacement (CC)")),
        "doors": _whole(word("Doors")),
        "plant": (word("Plant City") or "").title(),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _make(shouted: str | None) -> str | None:
    if shouted is None:
        return None
    return shouted if len(shouted) <= _SHORT and shouted != "KIA" else shouted.title()


def _fuel(primary: str | None, electrified: str | None) -> str | None:
    """Of a hybrid its own word: the table names the one or the other of its two sources of power."""
    level = (electrified or "").casefold()
    if "plug-in" in level:
        return "plug_in_hybrid"
    if "hev" in level and "mild" not in level:
        return "hybrid"
    return _FUELS.get((primary or "").casefold())


def _year_by_law(number: str, years: tuple[int, ...]) -> int | None:
    """Of the years thirty apart the one that the seventh character tells: a digit to 2009, a letter from 2010 on.

    49 CFR 565.15 (d), for vehicles of up to 4,536 kg; heavier ones keep both, so a letter tells, a digit may not.
    """
    late = [year for year in years if year >= 2010]
    if number[6].isalpha():
        return late[0] if late else None
    return years[0] if len(years) == 1 and years[0] < 2010 else None


def _whole(word: str | None) -> int | None:
    try:
        return None if word is None else round(float(word))
    except (ValueError, OverflowError):
        return None


@cache
def _module(name: str) -> ModuleType | None:
    """A library that need not be there."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
