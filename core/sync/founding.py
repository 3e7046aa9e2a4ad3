"""A workshop's first terminal: its key, the workshop's root, and the two rows that say so.

A home is a terminal of a workshop when it has an ``identity`` folder, and never before all else is in place: keys are
made in ``identity.new`` beside it, then the rows are written, and renaming that folder is the last step. So a power cut
or a kill at any moment leaves a home that is founded, or one that can be founded again. Records that were begun by a
founding or joining that never came to its end are begun again; those that were there before are never touched.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

import core.models  # noqa: F401 - every synced table is known before records are opened
from core.language import tr
from core.records.ids import is_id, new_id
from core.records.records import Records, wall_ms
from core.sync.members import Terminal, Workshop
from core.trust.errors import TrustError
from core.trust.identity import Identity
from core.trust.key_files import make_private_folder, read_private, sync_folder, write_private
from core.trust.pairing import clean_name
from core.trust.root import WorkshopRoot

IDENTITY = "identity"
RECORDS = "records.db"
STAGED = "identity.new"
NOTE = "unfinished.json"  # in the staged folder: what was begun, and whether the records in the home are of it

FOUNDING = "founding"
FOUNDING_AGAIN = "founding again"
JOINING = "joining"
Row = TypeVar("Row", Workshop, Terminal)

SYSTEM = "system"  # the actor of what nobody in particular does


class NotEmptyError(TrustError):
    """The home, or the database, has a workshop or records already, and they are not written over."""


class NoWorkshopError(TrustError):
    """There are no records of a workshop that could be founded again."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A home that belongs to a workshop now."""

    workshop_id: str
    workshop_name: str
    terminal_id: str
    terminal_name: str
    device_id: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What a founding or joining has begun: where its keys are made, and the ids its rows have or will have."""

    staged: Path
    workshop_id: str
    terminal_id: str


def is_founded(home: Path) -> bool:
    """Whether this home belongs to a workshop. True for a damaged identity too: it is mended, not made anew."""
    folder = home / IDENTITY
    return folder.is_dir() and any(folder.iterdir())


def found(
    home: Path,
    workshop: str,
    terminal: str,
    url: str | None = None,
    *,
    wall: Callable[[], int] = wall_ms,
    first: Mapping[str, Callable[[Session], object]] | None = None,
) -> Founded:
    """Create a workshop whose first terminal is this home. The caller holds the home's lock.

    ``url``: an SQLAlchemy URL when the records are not in the home's own file; ``wall``: UTC ms; ``first``: what a new
    workshop begins with, each a change by what its log says of it, which finds itself done when it is made again.
    Raises ``NotEmptyError``, ``TrustError`` (a name that cannot be), ``RecordsError`` and ``OSError``; the same call
    may be made again.
    """
    workshop, terminal = clean_name(workshop), clean_name(terminal)
    begun = begin(home, FOUNDING, url)
    identity = Identity.create(begun.staged, terminal)
    root = WorkshopRoot.create(workshop)
    root.save(begun.staged)
    records = Records.open(url or home / RECORDS, wall=wall)
    try:
        require_workshop(records, begun.workshop_id)
        records.join(begun.terminal_id)
        now = records.wall()

        def write(session: Session) -> None:
            row = session.get(Workshop, begun.workshop_id) or _added(session, Workshop(id=begun.workshop_id))
            row.name, row.root_certificate = workshop, root.certificate_pem
            own = session.get(Terminal, begun.terminal_id) or _added(session, Terminal(id=begun.terminal_id))
            own.name, own.device_id, own.public_key = terminal, identity.device_id, identity.public_key
            own.joined_at = now

        records.change(SYSTEM, write, why=tr("the workshop was founded"))
        for why, work in (first or {}).items():
            records.change(SYSTEM, work, why=why)
    finally:
        records.close()
    publish(home)
    return Founded(begun.workshop_id, workshop, begun.terminal_id, terminal, identity.device_id)


def found_again(home: Path, terminal: str, url: str | None = None) -> Founded:
    """Make a restored backup a terminal again, when no terminal of the workshop is left to join it from.

    A backup has no keys, so this terminal gets a new key and row, and the workshop a new root: terminals and tablets of
    before do not know it and join anew. Raises like ``found``, and ``NoWorkshopError``.
    """
    terminal = clean_name(terminal)
    if url is None and not (home / RECORDS).exists():
        raise NoWorkshopError(tr("There is no workshop in {path}.", path=home))
    begun = begin(home, FOUNDING_AGAIN, url)
    records = Records.open(url or home / RECORDS)
    try:
        with records.read() as session:
            row = session.scalars(select(Workshop).order_by(Workshop.id)).first()
        if row is None:
            forget_unfinished(home)
            raise NoWorkshopError(tr("There is no workshop in {path}.", path=home))
        identity = Identity.create(begun.staged, terminal)
        root = WorkshopRoot.create(row.name or terminal)
        root.save(begun.staged)
        records.join(begun.terminal_id)
        records.new_epoch("a backup was restored and its workshop founded again")
        now = records.wall()

        def write(session: Session) -> None:
            session.get_one(Workshop, row.id).root_certificate = root.certificate_pem
            own = session.get(Terminal, begun.terminal_id) or _added(session, Terminal(id=begun.terminal_id))
            own.name, own.device_id, own.public_key = terminal, identity.device_id, identity.public_key
            own.joined_at = now

        records.change(SYSTEM, write, why=tr("the workshop was founded again from a backup"))
    finally:
        records.close()
    publish(home)
    return Founded(row.id, row.name or "", begun.terminal_id, terminal, identity.device_id)


def begin(home: Path, kind: str, url: str | None) -> Begun:
    """Start a founding or joining, over what an unfinished one left. Raises ``NotEmptyError`` and ``OSError``."""
    if is_founded(home):
        raise NotEmptyError(tr("{path} belongs to a workshop already.", path=home))
    staged, note = home / STAGED, read_note(home)
    ours = kind != FOUNDING_AGAIN and (
        note.get("began_records") is True or (url is None and not (home / RECORDS).exists())
    )
    if kind == JOINING and url is None and not ours:
        raise NotEmptyError(
            tr("There are records in {path} already. Join from an empty data folder.", path=home / RECORDS)
        )
    ids = {name: str(note.get(name) or new_id(wall_ms())) for name in ("workshop_id", "terminal_id")}
    make_private_folder(staged)
    if not note.get("kind") == kind == JOINING:  # who joins again is the same device: a row may wait for it
        _clear(staged, keep=NOTE)
    write_private(staged / NOTE, json.dumps({"kind": kind, "began_records": ours, **ids}).encode())
    if ours:
        for name in (f"{RECORDS}-wal", f"{RECORDS}-shm", RECORDS):
            (home / name).unlink(missing_ok=True)
        sync_folder(home)
    return Begun(staged, ids["workshop_id"], ids["terminal_id"])


def forget_unfinished(home: Path) -> None:
    """Forget a founding or joining that was begun, so that the records in the home are not taken for its own.

    For who puts records there in another way: restoring a backup. Raises ``OSError``.
    """
    if (home / STAGED).exists():
        (home / STAGED / NOTE).unlink(missing_ok=True)
        shutil.rmtree(home / STAGED)


def read_note(home: Path) -> dict[str, object]:
    """What was begun in this home and not finished; empty when nothing was, or nothing that left a trace elsewhere."""
    try:
        note = json.loads(read_private(home / STAGED / NOTE))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    if not isinstance(note, dict) or not all(is_id(str(note.get(name))) for name in ("workshop_id", "terminal_id")):
        return {}
    return note


def require_workshop(records: Records, workshop_id: str) -> None:
    """Raises ``NotEmptyError`` when the records are those of another workshop."""
    with records.read() as session:
        other = session.scalars(select(Workshop).where(Workshop.id != workshop_id)).first()
    if other is not None:
        raise NotEmptyError(tr("These records belong to the workshop “{name}” already.", name=other.name or "?"))


def publish(home: Path) -> None:
    """The last step: from here on this home belongs to the workshop. Raises ``OSError``."""
    place = home / IDENTITY
    if place.is_dir():
        place.rmdir()  # an empty one is in the way on Windows
    (home / STAGED).rename(place)
    sync_folder(home)
    (place / NOTE).unlink(missing_ok=True)


def _clear(folder: Path, keep: str = "") -> None:
    for each in folder.iterdir() if folder.is_dir() else ():
        if each.name == keep:
            continue
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    return row
