"""Two terminals come to the same records: one asks, the other answers, whoever they are and however often.

Every message may be lost, sent twice, or come late: nothing here counts on an earlier one. What a terminal has is told
by its tips each time; what comes is merged if it follows without a gap and skipped if it is known.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from core.language import mark, tr
from core.records import log as records_log
from core.records.applying import ForkError
from core.records.digests import digests
from core.records.errors import RecordsError
from core.records.log import LetGoError, Place, Tip, Vector
from core.records.operations import Transaction, from_wire
from core.records.records import Records
from core.records.renumbering import loses, renumber
from core.sync import messages, repairing
from core.sync.messages import PROTOCOL, BadMessageError, Message, RefusedError, Transport
from core.sync.peer_states import PeerStates

logger = logging.getLogger(__name__)

PAGE = 2500  # transactions; a fifth faster than 1,000: rows that several of them touch are read and written once
MOST_PROBES = 16  # chains asked for at once while the beginning of a fork is looked for
COMPARE_EVERY_MS = 600_000  # rows are compared this often although nothing came: disks rot
AT_ONCE = 3  # rounds that move pages: with twenty at once each page would come from everybody who has it
TURN_WITHIN_S = 20.0  # then the others are slow, and moving a page twice is the smaller evil
MOST_ATTEMPTS = 8  # hellos of one round; each fork settled costs one

Told = dict[str, dict[str, tuple[int, bytes]]]  # tips in a message: site -> scope -> (seq, chain)

_OTHER_WORKSHOP = mark("That terminal belongs to another workshop.")
_NEWER_PROTOCOL = mark("That terminal runs a Bayline this one cannot talk to. Update the older of the two.")


@dataclass(slots=True)
class RoundResult:
    """What one round with a peer did. Times are milliseconds.

    ``in_step``: both had the same transactions at its end. ``differs``: tables whose rows differed although both had
    the same transactions (a fault, or a damaged disk). ``must_reseed``: the peer has let go of what is missing here.
    """

    device: str = ""
    site: str = ""
    schema: int = 0
    pulled: int = 0
    pushed: int = 0
    forks: int = 0
    repaired: int = 0
    in_step: bool = False
    must_reseed: bool = False
    differs: tuple[str, ...] = ()
    clock_difference_ms: int = 0
    peer_vector: dict[str, dict[str, int]] = field(default_factory=dict)


class Exchange:
    """This terminal's side of every exchange. Thread-safe as ``Records`` is."""

    def __init__(
        self,
        records: Records,
        *,
        device: str = "",
        workshop: str = "",
        clock: Callable[[], int] | None = None,
        page: int = PAGE,
    ) -> None:
        self.records = records
        self.device = device
        self.workshop = workshop
        self.peers = PeerStates(records)
        self._clock = clock or records.wall
        self._page = page
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._agreed: dict[str, tuple[Vector, int]] = {}  # device -> what both had when their rows were last alike

    # Answering -------------------------------------------------------------------------------------------------------

    def answer(self, kind: str, message: Message, caller: str = "") -> Message:
        """The answer to a message of ``caller`` (its device id, already checked).

        Raises ``BadMessageError`` or ``BadTransactionError`` for what cannot be understood, ``RecordsError`` when the
        disk will not, ``RefusedError``.
        """
        if kind == "hello":
            return self._answer_hello(message, caller)
        if kind == "pull":
            return self._answer_pull(message)
        if kind == "push":
            return self._answer_push(message)
        if kind == "chain":
            return self._answer_chain(message)
        if kind == "fork":
            return self._answer_fork(message)
        if kind == "digest":
            return self._digest()
        if kind == "rows":
            return repairing.rows_page(self.records, message)
        raise BadMessageError(f"there is no message “{kind}”")

    def _hello(self, tips: dict[Place, Tip]) -> Message:
        return {
            "protocol": PROTOCOL,
            "workshop": self.workshop,
            "device": self.device,
            "site": self.records.site,
            "schema": self.records.schema.version,
            "time": max(0, self._clock()),
            "tips": _told(tips),
        }

    def _check(self, message: Message) -> None:
        if messages.number(message, "protocol") != PROTOCOL:
            raise RefusedError(tr(_NEWER_PROTOCOL))
        if messages.text(message, "workshop") != self.workshop:
            raise RefusedError(tr(_OTHER_WORKSHOP))

    def _answer_hello(self, message: Message, caller: str) -> Message:
        self._check(message)
        theirs = messages.tips(message, "tips")
        difference = messages.number(message, "time") - self._clock()
        with self.records.look() as connection:
            ours = records_log.tips(connection)
            at: dict[str, dict[str, bytes]] = {}
            shared = dict(theirs)
            for place, (seq, told) in theirs.items():
                end = ours.get(place)
                if end is not None and end.seq >= seq:
                    chain = end.chain if end.seq == seq else records_log.chain_at(connection, place, seq)
                    if chain is not None:
                        at.setdefault(place[0], {})[place[1]] = chain
                    if chain not in (None, told):  # another branch: it does not have what is here under that number
                        del shared[place]
        self.peers.met(caller, _vector(shared), difference)
        return {**self._hello(ours), "at": at}

    def _answer_pull(self, message: Message) -> Message:
        known = messages.tips(message, "tips")
        most = max(1, messages.number(message, "most", 1_000_000))
        with self.records.look() as connection:
            if not _agree(connection, known, strict=False):
                return {"transactions": [], "let_go": False, "fork": True}
            try:
                page = records_log.page(connection, _vector(known), min(most, PAGE))
            except LetGoError:
                return {"transactions": [], "let_go": True, "fork": False}
        return {"transactions": _wire(page.transactions), "let_go": False, "fork": False}

    def _answer_push(self, message: Message) -> Message:
        incoming = [from_wire(each) for each in messages.items(message, "transactions", PAGE)]
        since = messages.tips(message, "since")
        with self.records.look() as connection:
            # A page stands on what its giver believed was here: one that comes late, or before its forerunner, would
            # put effects before causes.
            stands = _agree(connection, since, strict=True)
        try:
            applied = self.records.apply(incoming).count if stands else 0
        except ForkError:
            applied, stands = 0, False
        return {"applied": applied, "tips": _told(self.records.tips()), "stands": stands}

    def _answer_chain(self, message: Message) -> Message:
        place = (messages.text(message, "site", 16), messages.text(message, "scope", 16))
        wanted = [messages.number({"seq": each}, "seq") for each in messages.items(message, "seqs", MOST_PROBES)]
        content = messages.number(message, "content")
        with self.records.look() as connection:
            chains = [records_log.chain_at(connection, place, seq) for seq in wanted]
            found = records_log.transaction_at(connection, place, content) if content else None
            folded = records_log.tip(connection, place).folded
        return {"chains": chains, "content": found.content() if found else None, "folded": folded}

    def _answer_fork(self, message: Message) -> Message:
        place = (messages.text(message, "site", 16), messages.text(message, "scope", 16))
        seq = messages.number(message, "seq")
        before, content = messages.binary(message, "before"), messages.binary(message, "content")
        with self.records.look() as connection:
            same = seq > 0 and records_log.chain_at(connection, place, seq - 1) == before
            ours = records_log.transaction_at(connection, place, seq) if same else None
        if ours is None or ours.content() == content or not loses(ours.content(), content):
            return {"renumbered": False}
        return {"renumbered": self._renumber(place, seq, ours.content())}

    def _digest(self) -> Message:
        with self.records.look() as connection:  # one moment: tips and digests belong together
            tables = digests(connection, self.records.schema)
            tips = records_log.tips(connection)
        told = {name: list(pair) for name, pair in tables.items()}
        return {"schema": self.records.schema.version, "tips": _told(tips), "tables": told}

    # Asking ----------------------------------------------------------------------------------------------------------

    def round(self, transport: Transport) -> RoundResult:
        """Get what the peer has and we do not, give what we have and it does not, compare.

        Raises ``TransportError`` or ``RefusedError``; what came before that is kept.
        """
        turn = _Turn(self._turns)
        try:
            return self._round(transport, turn)
        finally:
            turn.over()

    def _round(self, transport: Transport, turn: "_Turn") -> RoundResult:
        result = RoundResult()
        for _ in range(MOST_ATTEMPTS):
            tips = self.records.tips()
            asked_at = self._clock()
            reply = transport.request("hello", self._hello(tips))
            answered_at = self._clock()
            self._check(reply)
            theirs = messages.tips(reply, "tips")
            result.device, result.site = messages.text(reply, "device"), messages.text(reply, "site")
            result.schema = messages.number(reply, "schema")
            result.clock_difference_ms = messages.number(reply, "time") - (asked_at + answered_at) // 2
            result.peer_vector = _vector(theirs)
            forks = self._forks(tips, theirs, reply)
            apart = {place for place, _ in forks}
            shared = {place: pair for place, pair in theirs.items() if place not in apart}
            self.peers.met(result.device, _vector(shared), result.clock_difference_ms)
            if forks:
                settled = [self._settle(transport, result, place, most) for place, most in forks]
                result.forks += sum(settled)
                if not any(settled):  # it was settled meanwhile, or only a new seed helps: of us, or of the peer
                    return result
                continue
            if records_log.vector(tips) != result.peer_vector and not turn.taken():
                continue  # it was waited for: others may have brought meanwhile what was lacking
            try:
                pulled = self._pull(transport, result)
            except RecordsError:  # a disk that takes no more is where others should have everything from
                self._push(transport, result, theirs)
                raise
            if pulled and self._push(transport, result, theirs):
                self._compare(transport, result)
                return result
        return result

    def _forks(
        self, tips: dict[Place, Tip], theirs: dict[Place, tuple[int, bytes]], reply: Message
    ) -> list[tuple[Place, int]]:
        """Sites of which the peer has another transaction than we, and a number at which they are known to differ."""
        found = []
        at = reply.get("at")
        if not isinstance(at, dict):
            raise BadMessageError("at is not a table")
        with self.records.look() as connection:
            for place, (seq, chain) in theirs.items():
                ours = tips.get(place)
                if ours is None or not ours.seq:
                    continue
                if seq <= ours.seq:
                    here = records_log.chain_at(connection, place, seq)
                    if here is not None and here != chain:
                        found.append((place, seq))
                else:
                    there = at.get(place[0], {}).get(place[1])
                    if there is not None and there != ours.chain:
                        found.append((place, ours.seq))
        return found

    def _settle(self, transport: Transport, result: RoundResult, place: Place, differs: int) -> int:
        """Find where two logs of one site part, and see the losing branch renumbered. Returns 1 if that was done.

        Whoever has let go of its branch there cannot rename it: the other one is seeded anew by it, and keeps its own.
        """
        seq = self._parting(transport, place, differs)
        with self.records.look() as connection:
            ours = records_log.transaction_at(connection, place, seq)
            before = records_log.chain_at(connection, place, seq - 1)
        reply = transport.request("chain", {"site": place[0], "scope": place[1], "seqs": [], "content": seq})
        theirs = reply.get("content")
        if ours is None or before is None:
            return 0  # it was settled meanwhile, or only our rows know that branch now: nobody's may replace them
        if theirs is None and messages.number(reply, "folded") >= seq:
            result.must_reseed = True  # only its rows know that branch now: it stays, and ours is filed anew
            return 0
        if not isinstance(theirs, bytes) or theirs == ours.content():
            return 0  # it was settled meanwhile
        logger.warning("site %s has two transactions %d: two copies of one terminal have both written", *place[:1], seq)
        if place[0] == self.records.site:
            self.records.new_epoch("another copy of this terminal has written too")
        if loses(ours.content(), theirs):
            return int(self._renumber(place, seq, ours.content()))
        reply = transport.request(
            "fork",
            {"site": place[0], "scope": place[1], "seq": seq, "before": before, "content": ours.content()},
        )
        return int(bool(reply.get("renumbered")))

    def _parting(self, transport: Transport, place: Place, differs: int) -> int:
        """The first number at which the two logs differ; they are known to differ at ``differs``."""
        same, other = 0, differs
        while other - same > 1:
            step = max(1, (other - same) // (MOST_PROBES + 1))
            seqs = list(range(same + step, other, step))[:MOST_PROBES]
            message = {"site": place[0], "scope": place[1], "seqs": seqs, "content": 0}
            chains = messages.items(transport.request("chain", message), "chains", MOST_PROBES)
            with self.records.look() as connection:
                for seq, chain in zip(seqs, chains, strict=True):
                    if chain is None or records_log.chain_at(connection, place, seq) in (chain, None):
                        same = max(same, seq)
                    else:
                        other = min(other, seq)
                        break
        return other

    def _renumber(self, place: Place, seq: int, content: bytes) -> bool:
        if place[0] == self.records.site:
            self.records.new_epoch("another copy of this terminal has written too")
        try:
            return self.records.keep(lambda connection: renumber(connection, place, seq, content)) is not None
        except LetGoError:
            logger.exception("a branch reaches into what was folded away")
            return False

    def _pull(self, transport: Transport, result: RoundResult) -> bool:
        """Whether everything the peer had came; False: a fork showed, say hello again."""
        while True:
            tips = self.records.tips()
            if not _lacks(records_log.vector(tips), result.peer_vector):
                return True
            reply = transport.request("pull", {"tips": _told(tips), "most": self._page})
            if reply.get("fork"):
                return False
            if reply.get("let_go"):
                result.must_reseed = True
                return True
            incoming = [from_wire(each) for each in messages.items(reply, "transactions", PAGE)]
            if not incoming:
                return True
            try:
                applied = self.records.apply(incoming)
            except ForkError:
                return False
            if not applied.count:  # somebody else brought them meanwhile, or the page was of another question
                return not _lacks(self.records.vector(), result.peer_vector)
            result.pulled += applied.count

    def _push(self, transport: Transport, result: RoundResult, theirs: dict[Place, tuple[int, bytes]]) -> bool:
        """Whether the peer has everything that is here; False: a fork showed, say hello again."""
        while True:
            try:
                page = self.records.page(result.peer_vector, self._page)
            except LetGoError:
                return True  # it will see, when it asks, that it must be seeded anew
            if not page.transactions:
                return True
            message = {"transactions": _wire(page.transactions), "since": _told_pairs(theirs)}
            reply = transport.request("push", message)
            before, theirs = theirs, messages.tips(reply, "tips")
            result.peer_vector = _vector(theirs)
            self.peers.met(result.device, result.peer_vector, result.clock_difference_ms)
            result.pushed += messages.number(reply, "applied")
            if not reply.get("stands") or theirs == before:  # say hello again rather than send it for ever
                return False

    def _compare(self, transport: Transport, result: RoundResult) -> None:
        """Whether equal transactions made equal rows. A difference is never adopted: rows are made anew from the log.

        Sums over whole tables are not for every round: only after something came, and now and then.
        """
        if result.must_reseed or self.records.vector() != result.peer_vector:
            return
        result.in_step = True
        now, (vector, at) = self._clock(), self._agreed.get(result.device, ({}, 0))
        fresh = vector == result.peer_vector and abs(now - at) < COMPARE_EVERY_MS
        if fresh or result.schema != self.records.schema.version:
            return
        differing = self._differing(transport)
        if not differing:
            self._agreed[result.device] = (result.peer_vector, now)
            return
        logger.error("rows differ from %s's although all changes are the same: %s", result.device, differing)
        for table in differing:
            result.repaired += repairing.repair(self.records, transport, table)
        result.differs = tuple(self._differing(transport))

    def _differing(self, transport: Transport) -> list[str]:
        theirs, ours = transport.request("digest", {}), self._digest()
        # Tips, not numbers: two copies of one terminal may have written since the hello, each its own next change.
        if messages.tips(theirs, "tips") != messages.tips(ours, "tips") or theirs.get("schema") != ours["schema"]:
            return []  # something came in between: the next round compares
        tables = theirs.get("tables")
        if not isinstance(tables, dict):
            raise BadMessageError("tables is not a table")
        return sorted(name for name, pair in ours["tables"].items() if list(tables.get(name, ())) != pair)


class _Turn:
    """A place among the few rounds that move pages at one time."""

    def __init__(self, turns: threading.BoundedSemaphore) -> None:
        self._turns = turns
        self._waited = self._mine = False

    def taken(self) -> bool:
        """Take the turn; False when it had to be waited for, so that what was asked before may be old."""
        if self._mine or self._waited:
            return True
        self._mine = self._turns.acquire(blocking=False)
        if not self._mine:
            self._mine, self._waited = self._turns.acquire(timeout=TURN_WITHIN_S), True
            return False
        return True

    def over(self) -> None:
        if self._mine:
            self._mine = False
            self._turns.release()


def _vector(tips: dict[Place, tuple[int, bytes]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (site, scope), (seq, _) in tips.items():
        found.setdefault(site, {})[scope] = seq
    return found


def _told(tips: dict[Place, Tip]) -> Told:
    return _told_pairs({place: (each.seq, each.chain) for place, each in tips.items() if each.seq})


def _told_pairs(tips: dict[Place, tuple[int, bytes]]) -> Told:
    told: Told = {}
    for (site, scope), pair in tips.items():
        told.setdefault(site, {})[scope] = pair
    return told


def _agree(connection: Connection, theirs: dict[Place, tuple[int, bytes]], *, strict: bool) -> bool:
    """Whether what is known here begins as these tips say. ``strict``: and reaches at least as far."""
    ours = records_log.tips(connection)
    for place, (seq, chain) in theirs.items():
        end = ours.get(place)
        if end is None or end.seq < seq:
            if strict:
                return False
            continue
        here = end.chain if end.seq == seq else records_log.chain_at(connection, place, seq)
        if here is not None and here != chain:
            return False
    return True


def _lacks(ours: Vector, theirs: Vector) -> bool:
    return any(
        seq > ours.get(site, {}).get(scope, 0) for site, scopes in theirs.items() for scope, seq in scopes.items()
    )


def _wire(transactions: list[Transaction]) -> list[list[str | int | bytes]]:
    return [each.as_wire() for each in transactions]
