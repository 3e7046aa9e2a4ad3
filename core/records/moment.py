"""What a session knows of the terminal it writes at: the time, fresh ids, and whose site it is.

A change has the time and the dice of its terminal, which in a simulation are not those of the computer. A session of
another kind (reading, or a test on bare tables) has the real ones.
"""

import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.records.capturing import WriterSession
from core.records.ids import SYSTEM, new_id
from core.records.log import position
from core.records.reckoning import EARLIEST, Reckoning
from core.records.records import RECKONING
from core.records.stamps import milliseconds
from core.records.tables import local_state

DAY_MS = 86_400_000


def now(session: Session) -> int:
    """UTC milliseconds by this terminal's clock, the same throughout one change; where that cannot be right the last
    time that is known and what has passed since (``reckoning``).
    """
    if isinstance(session, WriterSession):
        wall, stamp = session.capture.wall_ms, session.capture.stamp
        return wall if wall >= EARLIEST else milliseconds(stamp)
    said = time.time_ns() // 1_000_000
    reckoning = session.info.get(RECKONING)
    if said >= EARLIEST or not isinstance(reckoning, Reckoning):
        return said
    return reckoning.present(said, position(session.connection()).hlc >> 16)


def clock_said(session: Session) -> int:
    """UTC milliseconds as this terminal's clock says, right or wrong."""
    return session.capture.said_ms if isinstance(session, WriterSession) else time.time_ns() // 1_000_000


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
    return clock_said(session) >= EARLIEST and now(session) < at_ms - DAY_MS
