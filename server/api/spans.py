"""The two ends of a stretch of time in a query: days of the shop, or moments."""

import datetime as dt
from typing import Annotated

from fastapi import Query

from core.language import tr
from core.planning.local_days import day_span
from core.records.input import LATEST, Refused, Wrong, instant

Start = Annotated[
    str | None,
    Query(
        description="A day (from its midnight), a moment as in RFC 3339, or UTC milliseconds.", examples=["2026-11-23"]
    ),
]
End = Annotated[
    str | None,
    Query(
        description="A day (it is part of it), a moment as in RFC 3339, or UTC milliseconds.", examples=["2026-11-23"]
    ),
]
LONGEST_DAYS = 92
DAY_MS = 86_400_000


def moment_of(name: str, given: str | None, *, ends: bool = False) -> int | None:
    """UTC milliseconds of ``start`` or ``end``; a day as an end is its end. Raises ``Refused``."""
    if given is None or given == "":
        return None
    try:
        day = dt.date.fromisoformat(given) if len(given) == len("2026-11-23") and not given.isdigit() else None
        if day is not None:
            found: object = day_span(day)[1 if ends else 0]
        else:
            found = instant(int(given) if given.isascii() and given.isdigit() else given)
    except (ValueError, OverflowError) as error:  # Wrong is a ValueError, too
        words = str(error) if isinstance(error, Wrong) else tr("This must be a day like 2026-11-22.")
        raise Refused((name, words)) from None
    if not isinstance(found, int) or not -DAY_MS <= found <= LATEST:
        raise Refused((name, tr("This must be a moment like 2026-11-22T14:30:00Z, or milliseconds since 1970.")))
    return found


def stretch(start: str | None, end: str | None, *, days: int) -> tuple[int, int]:
    """Both ends, UTC milliseconds: from today, so many days long, where they are not said. Raises ``Refused``."""
    begins = moment_of("start", start)
    if begins is None:
        begins = day_span(dt.datetime.now().astimezone().date())[0]
    ends = moment_of("end", end, ends=True)
    if ends is None:
        ends = begins + days * DAY_MS
    if ends <= begins:
        raise Refused(("end", tr("This lies before its beginning.")))
    if ends - begins > LONGEST_DAYS * DAY_MS:
        raise Refused(("end", tr("This is too long: {days} days at most.", days=LONGEST_DAYS)))
    return begins, ends
