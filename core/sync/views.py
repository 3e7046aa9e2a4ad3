"""What windows, pages and the command line see of sync, and what they may ask of it. The server implements it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PeerState(StrEnum):
    """How things stand between this terminal and another."""

    IN_STEP = "in step"  # both have everything, as of the last contact, which is recent
    SYNCING = "syncing"
    AWAY = "away"  # known, cannot be reached now
    NEVER_SEEN = "never seen"  # joined through another terminal; not met yet
    DIFFERS = "differs"  # same changes, other rows: reported; the differing rows are made anew from the log
    REFUSED = "refused"  # it answered, and would not talk to us; ``problem`` says why
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class PeerView:
    """Another terminal. Times are UTC milliseconds."""

    terminal_id: str
    device_id: str
    name: str
    state: PeerState
    address: str = ""
    last_contact: int | None = None
    clock_difference_ms: int | None = None  # its clock minus ours
    waiting_out: int = 0  # changes it does not have yet, as far as we know
    waiting_in: int = 0  # changes it has and we do not, as far as we know
    problem: str = ""  # in the user's words


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """For the frame: in step with how many, since when offline, how much is waiting."""

    founded: bool
    in_step: int = 0  # peers in step now
    peers: int = 0  # peers that are not removed
    offline_since: int | None = None  # UTC ms of the last contact with anybody, when nobody can be reached
    waiting: int = 0  # changes of here that no other terminal has yet
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PairingOffer:
    """The code on the screen."""

    code: str  # eight digits
    address: str  # "https://192.168.1.20:8420"
    expires_at: int  # UTC ms
    tries_left: int = 3


class Progress(Protocol):
    """Called now and then while joining. ``done`` and ``total`` count bytes or rows; total 0: not known."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


class WorkshopLink(Protocol):
    """Sync as a window uses it. Reads return at once; the others may take seconds and raise ``SyncError``."""

    def summary(self) -> SyncSummary: ...

    def peers(self) -> tuple[PeerView, ...]: ...

    def offer(self) -> PairingOffer | None: ...

    def open_pairing(self) -> PairingOffer: ...

    def close_pairing(self) -> None: ...

    def remove(self, device_id: str, actor: str) -> None: ...

    def sync_now(self) -> None: ...

    def add_address(self, address: str) -> None: ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]: ...


class SyncError(Exception):
    """Something about pairing or sync a person can act on; the message is in their words."""


class WrongCodeError(SyncError):
    """The code was wrong, expired or tried too often."""


class UnreachableError(SyncError):
    """Nobody answers at that address."""
