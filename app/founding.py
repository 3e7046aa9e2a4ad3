"""A new workshop, with what it begins with: the templates of inspections, in the language that is spoken."""

from pathlib import Path

from core.language import tr
from core.people.roles import SYSTEM
from core.sync.founding import Founded, found
from core.workshop.default_inspections import install_default_templates


def found_workshop(home: Path, workshop: str, terminal: str, url: str | None = None) -> Founded:
    """As ``core.sync.founding.found``, which a room knows nothing of, nor it of rooms.

    The templates come once, here: a shop that throws them away keeps none, and one that joins gets its shop's.
    """
    why = tr("a new workshop begins with templates of inspections")
    return found(home, workshop, terminal, url, first={why: lambda session: install_default_templates(session, SYSTEM)})
