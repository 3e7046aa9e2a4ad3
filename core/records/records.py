"""The records of a workshop at one terminal: changed by one writer, read by many, merged with those of the others."""

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from core.records import applying, log
from core.records.applying import Applied
from core.records.capturing import Capture, WriterSession
from core.records.changes import HERE, PEER, Bus, Changed, ChangeSet
from core.records.digests import digests
from core.records.engines import Engines, open_engines
from core.records.errors import explained
from core.records.ids import SYSTEM, Entropy
from core.records.migrating import prepare
from core.records.operations import MOST_TEXT, Transaction, encode
from core.records.reckoning import EARLIEST, Reckoning
from core.records.schema import Schema, UnfitValueError, read_schema
from core.records.search import SearchIndex
from core.records.stamps import HybridClock, new_tie
from core.records.writer import Inline, Runner, WriterThread

logger = logging.getLogger(__name__)

T = TypeVar("T")

RECKONING = "bayline.reckoning"  # in Session.info of those that read
MARK = "bayline.writer"  # in Connection.info of the writer's connection


def wall_ms() -> int:
    """UTC milliseconds by this machine's clock."""
    return time.time_ns() // 1_000_000


class Records:
    """All rows of a workshop, in a file or on a PostgreSQL server.

    ``site`` names this terminal's log in its present epoch. ``change`` and the like may be called from any thread but
    the writer's own, and return when the change is on disk.
    """

    def __init__(
        self,
        engines: Engines,
        *,
        wall: Callable[[], int] = wall_ms,
        entropy: Entropy = SYSTEM,
        schema: Schema | None = None,
        runner: Runner | None = None,
    ) -> None:
        self.engines = engines
        self.schema = schema or read_schema()
        self.bus = Bus()
        self.search = SearchIndex()
        self.wall = wall
        self._reckoning = Reckoning()
        self._entropy = entropy
        self._tie = new_tie(entropy)
        self._connection: Connection | None = None
        self._runner = runner or WriterThread(engines.place)
        self.site = ""
        self.terminal_id = ""
        try:
            self._runner.run(self._begin_life)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(
        cls,
        place: Path | str,
        *,
        wall: Callable[[], int] = wall_ms,
        entropy: Entropy = SYSTEM,
        schema: Schema | None = None,
        inline: bool = False,
    ) -> "Records":
        """Open the file or URL, made and brought up to date when need be. Raises ``RecordsError`` in a person's words.

        ``wall``: UTC ms. ``inline``: change in the caller's thread.
        """
        engines = open_engines(place)
        try:
            prepare(engines)
            return cls(engines, wall=wall, entropy=entropy, schema=schema, runner=Inline() if inline else None)
        except BaseException:
            engines.close()
            raise

    def close(self) -> None:
        """Finish what is being written and close. May be called again."""
        self._runner.stop()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engines.close()

    # Writing ---------------------------------------------------------------------------------------------------------

    def change(self, actor: str, work: Callable[[Session], T], *, why: str = "") -> Changed[T]:
        """Run ``work`` in one transaction of the writer and keep what it wrote; tell the listeners.

        ``actor``: who, as "staff:<id>", "token:<id>", "terminal:<id>" or "system". Raises what ``work`` raises, or
        ``RecordsError``; then nothing of it is kept. When it has returned, the change survives a power cut.
        """
        for text, most in ((actor, 200), (why, 1000)):
            if len(text) > most or not text.isprintable():
                raise UnfitValueError(f"{text!r:.80} is not a name or a reason")
        if not actor:
            raise UnfitValueError("a change needs somebody who made it")
        changed = self._runner.run(lambda: self._change(actor, work, why))
        if changed.changes:
            self.bus.tell(changed.changes)
        return changed

    def apply(self, incoming: Sequence[Transaction]) -> Applied:
        """Merge transactions of other terminals: all that follow ours, in one database transaction; tell the listeners.

        Raises ``ForkError``, ``BadTransactionError`` or ``RecordsError``; then nothing of it is kept.
        """
        at = self.wall()
        applied = self._runner.run(lambda: self._write(lambda connection: self.apply_within(connection, incoming, at)))
        self._tell(applied, at)
        return applied

    def keep(self, work: Callable[[Connection], T]) -> T:
        """Write tables of this terminal alone (``core.records.tables``), in one transaction of the writer."""
        return self._runner.run(lambda: self._write(work))

    def new_epoch(self, why: str) -> str:
        """Take a fresh site: what is written from now on is a log of its own. Returns it."""
        return self.keep(lambda connection: self.new_site_within(connection, why))

    def join(self, terminal_id: str) -> None:
        """This terminal's row, whose id goes with every transaction from now on."""
        self.keep(lambda connection: log.put_state(connection, "terminal_id", terminal_id))
        self.terminal_id = terminal_id

    # Reading ---------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that can only read, at one moment of the records. Short: an open one holds back checkpoints."""
        with self._explaining(), Session(self.engines.reader, expire_on_commit=False, autoflush=False) as session:
            session.info[RECKONING] = self._reckoning
            yield session

    @contextlib.contextmanager
    def look(self) -> Iterator[Connection]:
        """Like ``read``, for those who need no objects: the bare connection, at a third of the price."""
        with self._explaining(), self.engines.reader.connect() as connection, connection.begin():
            yield connection

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Hear of every change, on whatever thread made it; the listener returns at once and changes nothing."""
        return self.bus.subscribe(listener)

    def vector(self) -> dict[str, dict[str, int]]:
        """How much of each site's log is here: site -> scope -> seq."""
        return log.vector(self.tips())

    def tips(self) -> dict[log.Place, log.Tip]:
        with self.look() as connection:
            return log.tips(connection)

    def page(self, known: log.Vector, most: int = 2500) -> log.Page:
        """The next transactions for somebody who has ``known``. Raises ``LetGoError``."""
        with self.look() as connection:
            return log.page(connection, known, most)

    def digests(self) -> dict[str, tuple[int, str]]:
        """Of each synced table how many rows, and 128 bits over them."""
        with self.look() as connection:
            return digests(connection, self.schema)

    @property
    def clock_is_wrong(self) -> bool:
        """Whether this machine's clock cannot be right; then the last time known is used for what is shown."""
        return self.wall() < EARLIEST

    def present(self) -> int:
        """UTC milliseconds: by this machine's clock or, where that cannot be right, as far as can be reckoned."""
        said = self.wall()
        if said >= EARLIEST:
            return said
        with self.look() as connection:
            return self._reckoning.present(said, log.position(connection).hlc >> 16)

    # In the writer ---------------------------------------------------------------------------------------------------

    def _begin_life(self) -> None:
        def begin(connection: Connection) -> Applied:
            self.site = log.get_state(connection, "site") or self.new_site_within(connection, "the first start")
            self.terminal_id = log.get_state(connection, "terminal_id")
            if log.get_state(connection, "schema") == str(self.schema.version):
                return Applied()
            log.put_state(connection, "schema", str(self.schema.version))
            return applying.replay(connection, self.schema, self.search, self.wall())

        self._tell(self._write(begin), self.wall())

    def _write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in a transaction of the writer's connection."""
        site = self.site
        with self._explaining():
            if self._connection is None or self._connection.closed or self._connection.invalidated:
                self._connection = self.engines.writer.connect()
                self._connection.info[MARK] = True
            try:
                with self._connection.begin():
                    return work(self._connection)
            except BaseException:
                self.site = site
                if self._connection.invalidated:
                    self._connection.close()
                    self._connection = None
                else:  # a COMMIT that failed, as on a full disk: SQLAlchemy takes it for an end, SQLite goes on with it
                    self._connection.connection.rollback()
                raise

    def _change(self, actor: str, work: Callable[[Session], T], why: str) -> Changed[T]:
        said = self.wall()
        site, terminal = self.site, self.terminal_id
        result: list[T] = []

        def write(connection: Connection) -> ChangeSet:
            now = log.position(connection)
            clock = HybridClock(self._tie, now.hlc)
            wall = self._reckoning.present(said, now.hlc >> 16)
            stamp = clock.tick(wall)
            at = wall if wall >= EARLIEST else clock.last >> 16
            with WriterSession(connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session:
                capture = session.capture = Capture(self.schema, stamp, wall, self._entropy, said)
                result.append(work(session))
                session.flush()
                self._index(connection, capture)
                session.expunge_all()
            operations = capture.operations()
            if not operations:
                return ChangeSet(HERE, actor, at)
            text = encode(operations)
            if len(text.encode()) > MOST_TEXT:
                raise UnfitValueError("a change larger than what others take: it must be made in several")
            place = (site, _scope(self.schema, operations[0].table))
            end = log.tip(connection, place)
            made = Transaction(*place, end.seq + 1, stamp, at, self.schema.version, actor, terminal, why, text).chained(
                end.chain
            )
            now.hlc, now.arrival = clock.last, now.arrival + 1
            log.append(connection, [(now.arrival, made, None)])
            log.touch(connection, [(each.row, now.arrival) for each in operations])
            log.put_tips(connection, {place: log.Tip(made.seq, made.chain, end.folded, end.folded_chain)})
            log.keep_position(connection, now)
            rows: dict[str, dict[str, frozenset[str]]] = {}
            for each in operations:
                rows.setdefault(each.table, {})[each.row] = frozenset(each.fields)
            return ChangeSet(HERE, actor, at, rows, stamp=stamp)

        changes = self._write(write)
        return Changed(result[0], changes)

    def _index(self, connection: Connection, capture: Capture) -> None:
        texts = []
        for (table, row), obj in capture.searched.items():
            info = self.schema.tables[table]
            values = {name: getattr(obj, name) for name in (*info.searched, "deleted_at")}
            texts.append((table, row, applying.search_text(info, values)))
        if texts:
            self.search.update(connection, texts)

    def apply_within(self, connection: Connection, incoming: Sequence[Transaction], at: int) -> Applied:
        """``apply`` inside a transaction of the writer (``keep``) that does more; the listeners hear nothing of it."""
        now = log.position(connection)
        applied = applying.apply(connection, self.schema, self.search, now=now, incoming=incoming, found_at=at)
        if any(site == self.site for site, _ in applied.places):
            self.new_site_within(
                connection, "others knew more of this terminal's log than it did: a backup was restored"
            )
        return applied

    def new_site_within(self, connection: Connection, why: str) -> str:
        """``new_epoch`` inside a transaction of the writer."""
        site = f"{self._entropy.getrandbits(64):016x}"
        log.put_state(connection, "site", site)
        epochs = json.loads(log.get_state(connection, "epochs") or "[]")
        epochs.append({"site": site, "at": self.wall(), "why": why})
        log.put_state(connection, "epochs", json.dumps(epochs[-100:]))
        logger.info("new epoch: site %s, because of %s", site, why)
        self.site = site
        return site

    def _tell(self, applied: Applied, at: int) -> None:
        if not applied.rows and not applied.replaced:
            return
        rows: Mapping[str, Mapping[str, frozenset[str]]] = {
            table: {row: frozenset(names) for row, names in each.items()} for table, each in applied.rows.items()
        }
        self.bus.tell(ChangeSet(PEER, "", at, rows, tuple(applied.replaced)))

    @contextlib.contextmanager
    def _explaining(self) -> Iterator[None]:
        """What the database does to a person is said in their words; faults of ours stay what they are."""
        try:
            yield
        except Exception as error:
            told = explained(error, self.engines.place, files=False)
            if told is None or told is error:
                raise
            raise told from error


def _scope(schema: Schema, table: str) -> str:
    return schema.tables[table].scope


__all__ = ["EARLIEST", "MARK", "RECKONING", "Records", "wall_ms"]
