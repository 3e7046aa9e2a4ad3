"""Vehicles as words, shapes and colours: what they are, how far they were driven, and what of them is due."""

import datetime as dt
import re
from collections.abc import Mapping

from PySide6.QtCore import QDate, Qt

from core.language import mark, tr
from core.vehicles.documents import KINDS
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS
from core.vehicles.vehicles import VehicleView
from ui import words

VEHICLE_TYPES = {
    "car": mark("Car"),
    "van": mark("Van"),
    "truck": mark("Truck"),
    "bus": mark("Bus"),
    "motorcycle": mark("Motorcycle"),
    "trailer": mark("Trailer"),
}
SORTS = {
    "newest": mark("Newest first"),
    "oldest": mark("Oldest first"),
    "plate": mark("Plate"),
    "make": mark("Make and model"),
    "year": mark("Model year, newest first"),
    "odometer": mark("Odometer, highest first"),
    "last_service": mark("Last service, latest first"),
    "inspection_due": mark("Inspection due next"),
    "fuel_type": mark("Fuel"),
    "status": mark("Status"),
}
STATUS_SHAPES: Mapping[str, tuple[str, str]] = {
    "active": ("car", "text_muted"),
    "in_workshop": ("wrench", "accent"),
    "out_of_service": ("pause", "warning"),
    "sold": ("export", "stale"),
    "scrapped": ("trash", "stale"),
}
SOON_DAYS = 30  # before it is due
_TYPED = re.compile(r"(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4})")


def known(table: Mapping[str, str], word: str | None) -> str:
    """The word of a table in the person's language; another one as it was typed; "" for none."""
    return "" if word is None else tr(table[word]) if word in table else word


def fuel(word: str | None) -> str:
    return known(FUEL_TYPES, word)


def transmission(word: str | None) -> str:
    return known(TRANSMISSIONS, word)


def vehicle_type(word: str | None) -> str:
    return known(VEHICLE_TYPES, word)


def status(word: str | None) -> str:
    return known(STATUSES, word)


def document_kind(word: str | None) -> str:
    return known(KINDS, word)


def name(vehicle: VehicleView) -> str:
    """Make and model; "" when neither is known."""
    return " ".join(each for each in (vehicle.make, vehicle.model) if each)


def about(vehicle: VehicleView) -> str:
    """Make, model and year, and what it burns: "Volkswagen Golf · 2019 · Diesel"."""
    parts = (name(vehicle), str(vehicle.year or ""), fuel(vehicle.fuel_type))
    return " · ".join(each for each in parts if each)


def distance(km: int | None) -> str:
    """ "148,200 km"; "" for not known."""
    return "" if km is None else tr("{distance} km", distance=words.count(km))


def day(written: str | None) -> str:
    """An ISO day as people write it: "22 Nov 2026"; what is none, as it stands."""
    found = _date(written)
    if found is None:
        return written or ""
    return words.locale().toString(QDate(found.year, found.month, found.day), tr("d MMM yyyy"))


def day_of(at: int | None) -> str:
    """The day of a moment (UTC ms) where the workshop is; "" for none."""
    return "" if at is None else day(dt.datetime.fromtimestamp(at / 1000).date().isoformat())


def typed_day(written: str | None) -> str:
    """An ISO day as it is typed in the language: "22 Nov 2026", "22.11.2026"; "" for none."""
    found = _date(written)
    if found is None:
        return written or ""
    return words.locale().toString(QDate(found.year, found.month, found.day), tr("dd MMM yyyy"))


def parsed_day(text: str) -> str | None:
    """What was typed as ISO text: "2026-11-22", "22.11.2026", "22/11/2026", or with the month's name as papers have it:
    "22 Nov 2026", "Nov 22, 2026"; None when it is no day.
    """
    plain = text.strip()
    match = _TYPED.fullmatch(plain)
    if match is not None:
        days, months, years = (int(each) for each in match.groups())
        plain = f"{years:04}-{months:02}-{days:02}"
    found = _date(plain)
    if found is not None:
        return found.isoformat()
    named = (words.locale().toDate(plain, form) for form in ("d MMM yyyy", "d MMMM yyyy", "MMM d, yyyy", "MMM d yyyy"))
    return next((each.toString(Qt.DateFormat.ISODate) for each in named if each.isValid()), None)


def due(written: str | None, today: str | None = None) -> tuple[str, str, str]:
    """Icon, token and words of a day by which something is due; no words while there is time."""
    found = _date(written)
    if found is None:
        return "", "", ""
    left = (found - (_date(today) or dt.date.today())).days
    if left < 0:
        return "critical", "critical", tr("overdue since {day}", day=day(written))
    if left <= SOON_DAYS:
        return "warning", "warning", tr("due {day}", day=day(written))
    return "", "", ""


def warnings(vehicle: VehicleView, today: str | None = None) -> tuple[tuple[str, str, str], ...]:
    """What of a vehicle is due or past due, as icon, token and words, the worst first."""
    found = []
    for written, words_of in ((vehicle.inspection_due, _inspection), (vehicle.registration_due, _registration)):
        icon, token, _ = due(written, today)
        if icon:
            found.append((icon, token, words_of(day(written), over=token == "critical")))
    return tuple(sorted(found, key=lambda each: each[1] != "critical"))


def _inspection(when: str, *, over: bool) -> str:
    return tr("Inspection overdue since {day}", day=when) if over else tr("Inspection due {day}", day=when)


def _registration(when: str, *, over: bool) -> str:
    return tr("Registration overdue since {day}", day=when) if over else tr("Registration due {day}", day=when)


def months(count: int | None) -> str:
    """An age: "7.4 years"; "" for not known."""
    return "" if count is None else tr("{count} years", count=words.number(count / 12, 1))


def _date(written: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        return None
