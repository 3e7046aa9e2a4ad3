"""What each screen needs: who may not see it finds it greyed, and is told whom it is for."""

from collections.abc import Mapping

from core.language import tr
from core.people.roles import WORDS, Actor, may, roles_that_may

# The action it takes to see a screen. What is not here is open to everybody at the terminal: the gauges, the board.
NEEDS: Mapping[str, str] = {
    "orders": "repair_orders.read",
    "vehicles": "vehicles.read",
    "schedule": "schedule.read",
    "parts": "parts.read",
    "invoices": "invoices.read",
    "insights": "figures.read",
    "changes": "changes.read",
    "bays": "terminals.read",
}
SIGNED_IN = frozenset({"settings"})  # for whoever is signed in, whatever their role
WALL = ("board", "live", "schedule")  # what a terminal shows while nobody is signed in, the first there is
SHARED = frozenset({"live"})  # nobody types anything there that another one must not see


def may_open(actor: Actor | None, page: str, *, nobody: bool = False) -> bool:
    """Whether this actor sees the screen ``page``; outside of a workshop everybody does. ``nobody`` is signed in."""
    if actor is None:
        return True
    if page in SIGNED_IN:
        return not nobody
    return page not in NEEDS or may(actor, NEEDS[page])


def closed_words(actor: Actor | None, page: str, *, nobody: bool) -> tuple[str, str]:
    """Why a screen does not open, and who may: a headline and a line below it."""
    if nobody:
        headline = tr("Sign in first: tap “Sign in” at the top right.")
    else:
        headline = tr("Your role does not show this: {role}.", role=tr(WORDS[actor.role])) if actor else ""
    roles = roles_that_may(NEEDS[page]) if page in NEEDS else ()
    return headline, tr("This is for: {roles}.", roles=", ".join(tr(WORDS[role]) for role in roles)) if roles else ""
