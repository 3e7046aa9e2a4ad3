"""What a session knows of the terminal it writes at: the time, fresh ids, and whose site it is.

A change has the time and the dice of its terminal, which in a simulation are not those of the computer. A session of
another kind (reading, or a test on bare tables) has the real ones.
"""

import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.records.capturing import WriterSession
from core.records.ids import SYSTEM, new_id
from core.records.records import EARLIEST
from core.records.stamps import milliseconds
from core.records.tables import local_state

DAY_MS = 86_400_000


def now(session: Session) -> int:
    """UTC milliseconds by this terminal's clock, the same throughout one change; with a dead battery the last known."""
    if not isinstance(session, WriterSession):
        return time.time_ns() // 1_000_000
    wall, stamp = session.capture.wall_ms, session.capture.stamp
    return wall if wall >= EARLIEST else milliseconds(stamp)


def fresh_id(session: Session) -> str:
    """The id of a new row."""
    return new_id(now(session), session.capture.entropy if isinstance(session, WriterSession) else SYSTEM)


def site(session: Session) -> str:
    """The site this terminal writes under now, 16 hexadecimal digits; "" before it has one."""
    return session.scalar(select(local_state.c.value).where(local_state.c.key == "site")) or ""


def terminal(session: Session) -> str:
    """The row id of this terminal, the same through all its sites; "" before it belongs to a workshop."""
    return session.scalar(select(local_state.c.value).where(local_state.c.key == "terminal_id")) or ""


def is_future(session: Session, at_ms: int) -> bool:
    """Whether a moment is further ahead than clocks of one workshop differ; never, when this one's cannot be right."""
    present = now(session)
    return EARLIEST <= present < at_ms - DAY_MS
