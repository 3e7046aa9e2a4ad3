"""What a terminal does with what pairing gave it: an empty home becomes one of the workshop's, or stays empty.

As in ``founding``, the identity folder is renamed into place last, when the records are there. A joining that broke off
is begun again with a new code; the terminal keeps its key, so that the row it was given waits for it.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from core.language import tr
from core.records.records import Records
from core.sync.founding import JOINING, RECORDS, STAGED, Founded, begin, publish, read_note, require_workshop
from core.sync.members import Terminal, Workshop, is_member
from core.trust.errors import DamagedIdentityError, NoIdentityError, PairingError
from core.trust.grant import Grant
from core.trust.identity import KEY_FILE, Identity
from core.trust.pairing import clean_name
from core.trust.root import CERTIFICATE_FILE as ROOT_CERTIFICATE
from core.trust.root import KEY_FILE as ROOT_KEY
from core.trust.root import WorkshopRoot


def prepare_joiner(home: Path, terminal: str, url: str | None = None) -> Identity:
    """The key an empty home joins with; the same again when an earlier try broke off. The caller holds the home's lock.

    Raises ``NotEmptyError``, ``TrustError`` (a name that cannot be) and ``OSError``.
    """
    terminal = clean_name(terminal)
    staged = begin(home, JOINING, url).staged
    try:
        return Identity.load(staged)
    except NoIdentityError:
        return Identity.create(staged, terminal)
    except DamagedIdentityError:  # a try that was cut off while it made its key: nobody has seen that key yet
        (staged / KEY_FILE).unlink()
        return Identity.create(staged, terminal)


def complete_join(home: Path, grant: Grant, seed: Callable[[Records], None], url: str | None = None) -> Founded:
    """Make the home one of the workshop's terminals. Call after ``prepare_joiner``.

    ``seed`` fills the records that are handed to it from the giver's (``core.sync.seeding``); what it raises comes
    through, and the home is as after ``prepare_joiner``. Raises ``NotEmptyError``, ``PairingError``, ``RecordsError``
    and ``OSError``.
    """
    if not read_note(home):
        raise NoIdentityError(tr("This terminal has no key: there is no {path}.", path=home / STAGED / KEY_FILE))
    staged = home / STAGED
    identity = Identity.load(staged)
    for name in (ROOT_KEY, ROOT_CERTIFICATE):  # of another workshop, when an earlier try was with that one
        (staged / name).unlink(missing_ok=True)
    WorkshopRoot.from_pem(grant.root_certificate, grant.root_key).save(staged)
    records = Records.open(url or home / RECORDS)
    try:
        require_workshop(records, grant.workshop_id)
        seed(records)
        require_workshop(records, grant.workshop_id)
        with records.read() as session:
            workshop = session.scalars(select(Workshop).where(Workshop.id == grant.workshop_id)).first()
            own = is_member(session, identity.device_id)
            giver = session.get(Terminal, grant.giver.terminal_id)
        if workshop is None or own is None or own.id != grant.terminal_id or giver is None:
            raise PairingError(tr("The records that the other terminal sent are not complete. Join again."))
        records.join(own.id)
        name = own.name or identity.name
    finally:
        records.close()
    publish(home)
    return Founded(grant.workshop_id, workshop.name or grant.workshop_name, own.id, name, identity.device_id)
