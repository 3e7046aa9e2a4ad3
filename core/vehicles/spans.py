"""From one day to another, as papers of a vehicle are valid."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.language import tr
from core.records.fields import Synced
from core.records.input import Fields, Problems, Value


def checked_span(
    session: Session,
    form: Fields,
    fields: Mapping[str, object],
    row: Synced | None,
    *,
    begin: str = "valid_from",
    end: str = "valid_until",
) -> dict[str, Value]:
    """The checked values of a form of which two fields are the first and the last day. Raises ``Refused``."""
    problems = Problems()
    values = form.take(session, fields, row, problems)
    first, last = (values.get(name, getattr(row, name, None)) for name in (begin, end))
    if (begin in values or end in values) and first is not None and last is not None and str(last) < str(first):
        problems.add(end, tr("This lies before its beginning."))
    problems.settle()
    return values
