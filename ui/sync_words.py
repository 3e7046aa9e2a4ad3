"""How things stand between terminals, in words and shapes: for the frame and for the page Bays."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from core.language import mark, tr, trn
from core.sync.views import PeerState, PeerView, SyncSummary
from ui import words

CLOCK_MATTERS_MS = 60_000  # a smaller difference is no news to anybody
DAY_S = 20 * 3600.0  # before that a time of day says it; later it needs the day

SHAPES: Mapping[PeerState, tuple[str, str]] = {
    PeerState.IN_STEP: ("in-step", "ok"),
    PeerState.SYNCING: ("refresh", "info"),
    PeerState.AWAY: ("offline", "text_muted"),
    PeerState.NEVER_SEEN: ("unknown", "info"),
    PeerState.DIFFERS: ("differs", "warning"),
    PeerState.REFUSED: ("refused", "critical"),
    PeerState.REMOVED: ("removed", "stale"),
}
STATES: Mapping[PeerState, str] = {
    PeerState.IN_STEP: mark("In step"),
    PeerState.SYNCING: mark("Catching up"),
    PeerState.AWAY: mark("Away"),
    PeerState.NEVER_SEEN: mark("Not met yet"),
    PeerState.DIFFERS: mark("Differs"),
    PeerState.REFUSED: mark("Refused"),
    PeerState.REMOVED: mark("Removed"),
}
MEANINGS: Mapping[PeerState, str] = {
    PeerState.IN_STEP: "",
    PeerState.SYNCING: "",
    PeerState.AWAY: mark("It cannot be reached now. Both go on working and catch up by themselves."),
    PeerState.NEVER_SEEN: mark("It joined through another terminal; this one has not met it yet."),
    PeerState.DIFFERS: mark(
        "It has the same changes, but other rows. They are made anew from the log; nothing is lost."
    ),
    PeerState.REFUSED: mark("It answers, but does not talk to this terminal."),
    PeerState.REMOVED: mark("No terminal talks to it any more. What it wrote before is kept."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One chip's worth: ``short`` is for where ``words`` do not fit."""

    icon: str
    token: str
    words: str
    short: str
    caption: str


def moment(at_ms: int, now: float | None = None) -> str:
    """A time of day, with its day when that is not today: "14:02", "Mon 21 Sep, 14:02". ``at_ms`` is UTC ms."""
    at, here = at_ms / 1000, time.time() if now is None else now
    if words.day(at) == words.day(here):
        return words.time_of_day(at)
    return f"{words.day(at)}, {words.time_of_day(at)}"


def waiting(count: int) -> str:
    """ "6 changes waiting"; nothing for none."""
    return trn("{count} change waiting", "{count} changes waiting", count) if count else ""


def no_records() -> Said:
    """What the frame says when this terminal has a workshop whose records could not be opened."""
    return Said("warning", "critical", tr("Records not open"), tr("Not open"), tr("Workshop"))


def summary_words(summary: SyncSummary | None) -> Said:
    """What the frame says. None, or not founded: this terminal belongs to no workshop."""
    if summary is None or not summary.founded:
        return Said("no-workshop", "info", tr("Not part of a workshop"), tr("No workshop"), tr("Workshop"))
    kept = waiting(summary.waiting)
    if summary.problem:
        return Said("warning", "warning", tr("Needs a look"), tr("Look"), kept or tr("Other bays"))
    if summary.peers == 0:
        return Said("alone", "text_muted", tr("On its own"), tr("Alone"), tr("No other bays"))
    if summary.offline_since is not None:
        at = moment(summary.offline_since)
        return Said("offline", "warning", tr("Offline since {time}", time=at), tr("Offline"),
                    kept or tr("Nothing waiting"))  # fmt: skip
    count, short, caption = summary.in_step, tr("In step"), kept or tr("Other bays")
    if count == summary.peers:
        return Said(
            "in-step", "ok", trn("In step with {count} bay", "In step with {count} bays", count), short, caption
        )
    if count == 0:
        return Said("refresh", "info", tr("Catching up"), tr("Catching up"), caption)
    part = tr("In step with {count} of {all} bays", count=count, all=summary.peers)
    return Said("in-step", "info", part, tr("{count} of {all}", count=count, all=summary.peers), caption)


def last_contact(peer: PeerView, now: float) -> str:
    """When it was last heard of: "now", "14:02", "Mon 21 Sep, 14:02", "never"."""
    if peer.last_contact is None:
        return tr("never")
    if peer.state in (PeerState.IN_STEP, PeerState.SYNCING) and now - peer.last_contact / 1000 < 60:
        return tr("now")
    return moment(peer.last_contact, now)


def clock_difference(peer: PeerView) -> str:
    """Its clock against ours: named from a minute on."""
    ms = peer.clock_difference_ms
    if ms is None:
        return tr("not known")
    if abs(ms) <= CLOCK_MATTERS_MS:
        return tr("same as here")
    length = stretch_words(abs(ms) / 1000)
    return tr("{length} ahead", length=length) if ms > 0 else tr("{length} behind", length=length)


def clock_is_off(peer: PeerView) -> bool:
    return peer.clock_difference_ms is not None and abs(peer.clock_difference_ms) > CLOCK_MATTERS_MS


def stretch_words(seconds: float) -> str:
    """A length of time with its unit: "3 min", "2 h", "41 days"."""
    minutes = round(seconds / 60)
    if minutes < 100:
        return tr("{count} min", count=minutes)
    if minutes < 48 * 60:
        return tr("{count} h", count=round(minutes / 60))
    return trn("{count} day", "{count} days", round(minutes / 1440))


def meaning(peer: PeerView) -> str:
    """What is wrong, or what the state means where the word alone does not tell; "" when all is well."""
    said = peer.problem or tr(MEANINGS[peer.state]) if MEANINGS[peer.state] else peer.problem
    if not clock_is_off(peer):
        return said
    clock = tr(
        "Its clock is {difference}. Nothing is lost by that, but times in the log look wrong: set its clock.",
        difference=clock_difference(peer),
    )
    return f"{said} {clock}".strip()
