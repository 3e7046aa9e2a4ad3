"""One other terminal, and the one loop that keeps in step with it: meet, wait, meet again; away, look for it.

A round is due at the start, when the other end pokes, every ten seconds, and at once when it is seen again. After a
change here the other end is poked, and comes to fetch; one that cannot come is brought the change by a round.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field

from core.language import mark, tr
from core.records.errors import RecordsError
from core.records.log import Vector
from core.sync import messages
from core.sync.exchange import Exchange, RoundResult
from core.sync.messages import BadMessageError, RefusedError, TransportError
from core.sync.seeding import SnapshotError
from core.sync.views import PeerState
from core.trust.identity import Identity
from server.sync.client import Line, PeerTransport
from server.sync.errors import CallError, NotAdmittedError
from server.sync.membership import Member

log = logging.getLogger(__name__)

EVERY = 10.0  # s between rounds when nothing happens
FIRST_PAUSE = 0.5  # s before the second try; doubled each time
MOST_PAUSE = 30.0  # s
LOOK_AFTER = 3.0  # s after it said that it comes for what is new here, or seemed to lack something
AGAIN_AFTER = 0.1  # s, when something came in between
SHOWN_AFTER = 0.5  # s that a round takes before people are told that it is under way
CALLED_PAUSE = 2.0  # s: one that calls us while we think it away is tried this soon again, not at each of its calls

_REMOVED = mark(
    "{name} does not talk to this terminal any more: it was taken out of the workshop. To use it again, empty its data "
    "folder and let it join anew."
)
_UNKNOWN = mark("{name} does not know this terminal yet. It will when it has met one of those that do.")


@dataclass(slots=True)
class Around:
    """What all loops share. ``addresses``: where to try; ``told``: something changed that people see.

    ``seed_anew`` takes over all records of a terminal that let go of changes we lack; what only we have is kept.
    """

    identity: Identity
    exchange: Exchange
    pool: Executor
    addresses: Callable[[Member], list[str]]
    reached: Callable[[str, str], None]
    told: Callable[[], None]
    vector: Callable[[], Vector]
    met: Callable[["Peer"], None]
    seed_anew: Callable[[Line], Awaitable[None]]
    port: int = 0


@dataclass(slots=True)
class Standing:
    """How things stand, for the screen. Times are UTC ms."""

    state: PeerState = PeerState.NEVER_SEEN
    address: str = ""
    last_contact: int | None = None
    clock_difference_ms: int | None = None
    problem: Callable[[], str] = field(default=lambda: "")


class Peer:
    """Lives on the server's loop. ``start`` begins, ``stop`` ends it within a second."""

    def __init__(self, member: Member, around: Around, vector: Vector, standing: Standing) -> None:
        self.member = member
        self.vector: Vector = vector  # what it has, as far as we know
        self.standing = standing
        self._around = around
        self._line: Line | None = None
        self._transport: PeerTransport | None = None
        self._news = asyncio.Event()
        self._round_due = True
        self._poke_due = False
        self._failures = 0
        self._round_at = 0.0  # loop time of the next round
        self._tried_at = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self.turned_away = False  # it answered that it does not know us
        self.owes_news = False  # we fetched from it, and it does not know yet that we have it

    @property
    def connected(self) -> bool:
        """Whether it was reached in the last round."""
        return self._line is not None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"sync-{self.member.name}")

    async def stop(self) -> None:
        """End the loop, and what it waits for."""
        task, self._task = self._task, None
        if self._transport is not None:
            self._transport.abort()
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=0.5)
        await self._hang_up()

    # What makes a round due ------------------------------------------------------------------------------------------

    def meet_soon(self) -> None:
        """Something is new there, or it may be reachable again."""
        self._round_due = True
        self._failures = 0
        self._news.set()

    def called(self) -> None:
        """It called us: it is there. What it does with us now we need not do with it so soon."""
        now = asyncio.get_running_loop().time()
        if not self.connected:
            if now - self._tried_at > CALLED_PAUSE:
                self.meet_soon()
        elif self.standing.state is PeerState.IN_STEP and not lacks(self.vector, self._around.vector()):
            self.standing.last_contact = self._around.exchange.records.wall()
            self._round_at = max(self._round_at, now + EVERY * random.uniform(1.0, 1.4))

    def poke_soon(self) -> None:
        """Something is new here."""
        self._poke_due = True
        self._news.set()

    def has_everything(self) -> None:
        """It says so: there is nothing to look for soon."""
        self._round_at = max(self._round_at, asyncio.get_running_loop().time() + EVERY)

    def look_soon(self) -> None:
        """It seems to lack something, and comes for it: see whether that is so still, when it has had the time."""
        self._round_at = min(self._round_at, asyncio.get_running_loop().time() + LOOK_AFTER)
        self._news.set()

    @property
    def line(self) -> Line | None:
        """For files: the open line, while there is one."""
        return self._line

    # The loop --------------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if self._round_due or loop.time() >= self._round_at:
                self._round_due = self._poke_due = False
                await self._try_to_meet()
            elif self._poke_due:
                self._poke_due = False
                await self._poke()
            if self._round_due or (self._poke_due and self.connected):
                continue
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._round_at):
                    await self._news.wait()

    async def _try_to_meet(self) -> None:
        loop = asyncio.get_running_loop()
        self._tried_at = loop.time()
        shown = loop.call_later(SHOWN_AFTER, self._show, PeerState.SYNCING)
        try:
            result = await self._meet()
        except (CallError, TransportError) as error:
            await self._hang_up()
            self._failed(error)
        except RefusedError as error:
            self._settle(PeerState.REFUSED, lambda error=error: str(error))  # type: ignore[misc]
            self._pause()
        except (BadMessageError, RecordsError, SnapshotError) as error:
            log.warning("the round with %s failed: %s", self.member.name, error)
            self._settle(PeerState.REFUSED, lambda error=error: str(error))  # type: ignore[misc]
            self._pause()
        except Exception:
            log.exception("the round with %s failed", self.member.name)
            self._settle(
                PeerState.REFUSED, lambda: tr("Keeping in step with it failed here; this terminal's log says why.")
            )
            self._pause()
        else:
            self._succeeded(result)
        finally:
            shown.cancel()
        self._around.told()

    async def _meet(self) -> RoundResult:
        """One round over the open line, or over the first address that answers. Raises as ``Exchange.round``."""
        if self._line is not None:
            try:
                return await self._whole_round(self._line)
            except (CallError, TransportError) as error:
                if isinstance(error, NotAdmittedError):
                    raise
                await self._hang_up()  # it may have been started anew, or be somewhere else
        failure: CallError | None = None
        for address in self._around.addresses(self.member):
            line = Line(address, self._around.identity, self.member.device_id, port=self._around.port)
            try:
                await line.open()
            except CallError as error:
                await line.close()
                if failure is None or isinstance(error, NotAdmittedError):
                    failure = error
                continue
            except BaseException:
                await line.close()
                raise
            self._line = line
            self.standing.address = address
            self._around.reached(self.member.device_id, address)
            return await self._whole_round(line)
        if failure is None:
            raise CallError(tr("Nothing is heard of it on the network. Both go on working and catch up by themselves."))
        raise failure

    async def _whole_round(self, line: Line) -> RoundResult:
        result = await self._round(line)
        if result.must_reseed:
            log.warning("%s has let go of changes that are not here: all its records are fetched", self.member.name)
            await self._around.seed_anew(line)
            result = await self._round(line)
        return result

    async def _round(self, line: Line) -> RoundResult:
        loop = asyncio.get_running_loop()
        transport = self._transport = PeerTransport(line, loop)
        try:
            return await loop.run_in_executor(self._around.pool, self._around.exchange.round, transport)
        finally:
            transport.abort()  # when we were cancelled: the thread must not wait on
            self._transport = None

    async def _poke(self) -> None:
        if self._line is None:
            return
        self.owes_news = False
        try:
            reply = await self._line.call("poke", {"vector": self._around.vector()})
            self.vector = messages.vector(reply, "vector")
        except (CallError, BadMessageError):
            await self._hang_up()
            self._round_due = True
            return
        if not reply.get("coming"):
            self._round_due = True
        elif lacks(self.vector, self._around.vector()):
            self.look_soon()  # it says so when it has it, but that may cross what was asked here before
        self._around.told()

    # What came of it -------------------------------------------------------------------------------------------------

    def _succeeded(self, result: RoundResult) -> None:
        self._failures = 0
        self.turned_away = False
        self.owes_news = self.owes_news or result.pulled > 0
        self.vector = result.peer_vector
        self.standing.last_contact = self._around.exchange.records.wall()
        self.standing.clock_difference_ms = result.clock_difference_ms
        pause = EVERY
        if result.differs:
            tables = ", ".join(result.differs)
            self._settle(
                PeerState.DIFFERS,
                lambda: tr("Both have the same changes and still differ in: {tables}. This was logged.", tables=tables),
            )
        elif result.in_step:
            self._settle(PeerState.IN_STEP)
            if lacks(self.vector, self._around.vector()):  # written here, or said by it, while the round went on
                pause = LOOK_AFTER
        else:
            self._settle(PeerState.SYNCING)
            pause = AGAIN_AFTER  # something came in between
        self._round_at = asyncio.get_running_loop().time() + pause
        self._around.met(self)

    def _failed(self, error: Exception) -> None:
        self._pause()
        self.turned_away = isinstance(error, NotAdmittedError)
        if self.turned_away:
            # Strangers and removed terminals get the same answer; whoever was let in once knows which of them it is.
            words = _REMOVED if self.standing.last_contact is not None else _UNKNOWN
            name = self.member.name
            self._settle(PeerState.REFUSED, lambda: tr(words, name=name))
            return
        never = self.standing.last_contact is None
        self._settle(PeerState.NEVER_SEEN if never else PeerState.AWAY, lambda: str(error))

    def _pause(self) -> None:
        pause = min(MOST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures, 10)) * random.uniform(0.7, 1.0)
        self._failures += 1
        self._round_at = asyncio.get_running_loop().time() + pause

    def _settle(self, state: PeerState, problem: Callable[[], str] = lambda: "") -> None:
        self.standing.state, self.standing.problem = state, problem

    def _show(self, state: PeerState) -> None:
        """The round takes long enough to be told; one that only looks for somebody who is away is not."""
        if self.connected:
            self.standing.state = state
            self._around.told()

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(Exception):
                await line.close()


def lacks(ours: Vector, theirs: Vector) -> bool:
    """Whether ``theirs`` has anything that is not in ``ours``."""
    return any(
        seq > ours.get(site, {}).get(scope, 0) for site, scopes in theirs.items() for scope, seq in scopes.items()
    )
