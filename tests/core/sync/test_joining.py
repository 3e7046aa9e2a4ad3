"""An empty home becomes a terminal of the workshop, once what the giver sent is whole; a broken-off try is repeated."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.records.ids import new_id
from core.records.records import Records
from core.sync.founding import IDENTITY, RECORDS, STAGED, NotEmptyError, found, is_founded
from core.sync.joining import complete_join, prepare_joiner
from core.sync.members import Terminal, Workshop
from core.sync.seeding import load_snapshot, write_snapshot
from core.trust.errors import NoIdentityError, PairingError, TrustError
from core.trust.grant import Grant, Introduction
from core.trust.identity import Identity
from core.trust.pairing import Giver, Joiner
from core.trust.root import WorkshopRoot
from tests.core.sync.test_founding import PowerCutError, power_cut_at


class Workshopful:
    """A founded terminal that lets others in, as the server does."""

    def __init__(self, home: Path, name: str = "Garage") -> None:
        self.home = home
        self.founded = found(home, name, "Bay 1")
        self.identity = Identity.load(home / IDENTITY)
        self.root = WorkshopRoot.load(home / IDENTITY)
        self.giver = Giver(self.identity)

    def pair(self, joiner: Identity) -> Grant:
        """The exchange of messages, up to what the joiner has in hand."""
        ends = Joiner(self.giver.open().code, joiner, self.identity.public_key, "Bay 2")
        request = self.giver.finish(ends.finish(self.giver.hello(ends.hello())))
        return ends.accept(request.answer(self.grant(request.device_id, request.public_key, request.name)))

    def grant(self, device_id: str, public_key: str, name: str) -> Grant:
        records = Records.open(self.home / RECORDS)
        try:

            def write(session: Session) -> str:
                before = session.scalars(select(Terminal).where(Terminal.device_id == device_id)).first()
                if before is None:
                    before = Terminal(id=new_id(1), name=name, device_id=device_id, public_key=public_key)
                    session.add(before)
                return before.id

            terminal_id = records.change("terminal:1", write).value
        finally:
            records.close()
        giver = Introduction(
            self.founded.terminal_id, "Bay 1", self.identity.device_id, self.identity.public_key, 1, "https://x:8420"
        )
        return Grant(
            self.founded.workshop_id, "Garage", self.root.certificate_pem, self.root.key_pem, terminal_id, giver
        )

    def seed(self, into: Records) -> None:
        file = self.home / "seed"
        records = Records.open(self.home / RECORDS)
        try:
            write_snapshot(records, file)
        finally:
            records.close()
        load_snapshot(into, file)


@pytest.fixture
def shop(tmp_path: Path) -> Workshopful:
    return Workshopful(tmp_path / "bay1")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "bay2"


def check_joined(home: Path, shop: Workshopful) -> None:
    identity = Identity.load(home / IDENTITY)
    assert identity.device_id != shop.identity.device_id
    assert WorkshopRoot.load(home / IDENTITY) == shop.root
    records = Records.open(home / RECORDS)
    try:
        with records.read() as session:
            own = session.get_one(Terminal, records.terminal_id)
            assert own.device_id == identity.device_id
            assert session.get_one(Workshop, shop.founded.workshop_id).name == shop.founded.workshop_name
            assert len(session.scalars(select(Terminal)).all()) == 2
    finally:
        records.close()
    assert not (home / STAGED).exists()


def test_who_was_let_in_is_a_terminal_of_the_workshop(shop: Workshopful, home: Path) -> None:
    identity = prepare_joiner(home, "Bay 2")
    assert not is_founded(home)
    joined = complete_join(home, shop.pair(identity), shop.seed)
    assert is_founded(home)
    check_joined(home, shop)
    assert (joined.terminal_name, joined.device_id) == ("Bay 2", identity.device_id)
    assert joined.workshop_id == shop.founded.workshop_id


def test_a_joiner_writes_a_log_of_its_own(shop: Workshopful, home: Path) -> None:
    complete_join(home, shop.pair(prepare_joiner(home, "Bay 2")), shop.seed)
    sites = []
    for each in (shop.home, home):
        records = Records.open(each / RECORDS)
        sites.append(records.site)
        records.close()
    assert sites[0] != sites[1]


def test_a_terminal_that_belongs_somewhere_or_has_records_does_not_join(
    shop: Workshopful, tmp_path: Path, home: Path
) -> None:
    with pytest.raises(NotEmptyError):
        prepare_joiner(shop.home, "Bay 2")
    Records.open(_made(home) / RECORDS).close()
    with pytest.raises(NotEmptyError, match="empty"):
        prepare_joiner(home, "Bay 2")
    assert (home / RECORDS).exists()
    with pytest.raises(NoIdentityError):
        complete_join(tmp_path / "elsewhere", shop.grant("d", "k", "Bay 3"), shop.seed)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_names_that_cannot_be_are_refused(home: Path) -> None:
    with pytest.raises(TrustError):
        prepare_joiner(home, "")
    assert not home.exists()


def test_a_seed_that_breaks_off_leaves_the_home_empty_and_the_next_try_is_the_same_device(
    shop: Workshopful, home: Path
) -> None:
    def breaks(records: Records) -> None:
        shop.seed(records)
        raise ConnectionResetError

    first = prepare_joiner(home, "Bay 2")
    grant = shop.pair(first)
    with pytest.raises(ConnectionResetError):
        complete_join(home, grant, breaks)
    assert not is_founded(home)
    again = prepare_joiner(home, "Bay 2")
    assert again.device_id == first.device_id
    assert shop.pair(again).terminal_id == grant.terminal_id
    complete_join(home, grant, shop.seed)
    check_joined(home, shop)


def test_a_seed_without_the_rows_that_matter_is_not_taken(shop: Workshopful, home: Path) -> None:
    grant = shop.pair(prepare_joiner(home, "Bay 2"))
    with pytest.raises(PairingError):
        complete_join(home, grant, lambda records: None)
    assert not is_founded(home)


def test_the_records_of_another_workshop_are_not_taken(shop: Workshopful, home: Path, tmp_path: Path) -> None:
    other = Workshopful(tmp_path / "other", "Other")
    grant = shop.pair(prepare_joiner(home, "Bay 2"))
    with pytest.raises(NotEmptyError, match="Other"):
        complete_join(home, grant, other.seed)
    assert not is_founded(home)
    complete_join(home, other.pair(prepare_joiner(home, "Bay 2")), other.seed)  # and then that one, wholly
    check_joined(home, other)


def test_an_unfinished_founding_does_not_stand_in_the_way(shop: Workshopful, home: Path) -> None:
    for step in (8, 14, 18, 22):
        with pytest.raises(PowerCutError), power_cut_at(step):
            found(home, "Mistake", "Bay 2")
    complete_join(home, shop.pair(prepare_joiner(home, "Bay 2")), shop.seed)
    check_joined(home, shop)


def test_a_power_cut_at_any_step_leaves_a_home_that_has_joined_or_can_join(shop: Workshopful, home: Path) -> None:
    cuts = 0
    for step in range(1, 200):
        here = home.with_name(f"home {step}")
        done: list[str] = []
        try:
            with power_cut_at(step) as done:
                identity = prepare_joiner(here, "Bay 2")
            grant = shop.pair(identity)
            with power_cut_at(step - len(done)) as done:
                complete_join(here, grant, lambda records: None)
        except PowerCutError:
            cuts += 1
        except PairingError:  # got as far as the seed, which is empty here: the rest is below
            break
        assert not is_founded(here)
        prepare_joiner(here, "Bay 2")
    assert cuts > 10
    for step in range(1, 60):
        here = home.with_name(f"whole {step}")
        grant = shop.grant((identity := prepare_joiner(here, "Bay 2")).device_id, identity.public_key, here.name)
        try:
            with power_cut_at(step):
                complete_join(here, grant, shop.seed)
            break
        except PowerCutError:
            if not is_founded(here):
                assert prepare_joiner(here, "Bay 2").device_id == identity.device_id
                complete_join(here, grant, shop.seed)
        assert Identity.load(here / IDENTITY).device_id == identity.device_id
    assert step > 10
