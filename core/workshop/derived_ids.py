"""Ids of rows that follow from another row, so that terminals which draw the same conclusion apart make one row of it.

Two advisers who both put a finding on the estimate, or write down the same "no", would else have it twice once their
terminals meet, and nobody would know which of the two to take away.
"""

import hashlib
from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy.orm import Session

from core.records.fields import Synced
from core.records.input import Value
from core.records.rows import assign

Row = TypeVar("Row", bound=Synced)


def id_from(source: str, what: str) -> str:
    """The id of the row that is ``what`` ("line", "advice") of the row ``source``: always the same one.

    UUID version 8 (RFC 9562 §5.8): the first 48 bits are the source's, so that it sorts by the age of that.
    """
    bits = int.from_bytes(hashlib.sha256(f"{what} of {source}".encode()).digest()[:10], "big") >> 6  # 74 of them
    time = int(source[:8] + source[9:13], 16)
    value = time << 80 | 0x8 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def derived(session: Session, model: type[Row], id_: str, values: Mapping[str, Value]) -> Row:
    """The row with this id, made with these values; one that is there already gets them, and is shown again."""
    row = session.get(model, id_)
    if row is not None:
        assign(session, row, {**values, "deleted_at": None})
        return row
    row = model(id=id_, **values)
    session.add(row)
    session.flush()
    return row
