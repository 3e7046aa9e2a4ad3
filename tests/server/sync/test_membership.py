"""Who belongs to the workshop is known at every moment, and rows cannot lend a device another's key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.records.ids import new_id
from core.records.records import Records, wall_ms
from core.sync.members import Terminal
from core.trust.identity import Identity
from server.sync.membership import KEPT_FOR, Membership


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records.open(tmp_path / "records.db")
    yield opened
    opened.close()


@pytest.fixture
def key(tmp_path: Path) -> Identity:
    return Identity.create(tmp_path / "key", "Bay 2")


def join(records: Records, key: Identity, *, public_key: str = "", removed_at: int | None = None) -> str:
    row = Terminal(id=new_id(wall_ms()), name=key.name, device_id=key.device_id, removed_at=removed_at)
    row.public_key = public_key or key.public_key
    row_id = row.id
    records.change("system", lambda session: session.add(row))
    return row_id


def test_joining_and_removal_count_from_the_moment_they_are_heard(records: Records, key: Identity) -> None:
    members = Membership(records, clock=Clock())  # time stands still: only the news themselves can tell
    assert members.known(key.device_id) is None
    row_id = join(records, key)
    known = members.known(key.device_id)
    assert known is not None
    assert (known.public_key, known.removed) == (key.public_key, False)

    def remove(session: Session) -> None:
        session.get_one(Terminal, row_id).removed_at = 1

    records.change("system", remove)
    known = members.known(key.device_id)
    assert known is not None
    assert known.removed
    members.close()


def test_a_row_with_somebody_elses_key_makes_nobody_a_member(records: Records, key: Identity, tmp_path: Path) -> None:
    other = Identity.create(tmp_path / "other", "Thief")
    join(records, key, public_key=other.public_key)
    join(records, key, public_key="no key at all")
    members = Membership(records)
    assert members.known(key.device_id) is None
    assert members.known(other.device_id) is None
    members.close()


@pytest.mark.parametrize("first", [True, False])
def test_of_two_rows_of_one_device_the_one_that_shuts_it_out_counts(
    first: bool, records: Records, key: Identity
) -> None:
    join(records, key, removed_at=1 if first else None)
    join(records, key, removed_at=None if first else 1)
    members = Membership(records)
    known = members.known(key.device_id)
    assert known is not None
    assert known.removed
    members.close()


def test_what_another_worker_of_a_hub_writes_is_known_soon(records: Records, key: Identity) -> None:
    clock = Clock()
    members = Membership(records, clock=clock)
    members.close()  # hears no news, as from another process
    assert members.known(key.device_id) is None
    join(records, key)
    assert members.known(key.device_id) is None
    clock.now += KEPT_FOR + 0.1
    assert members.known(key.device_id) is not None
