"""One run: terminals, people, a network, and everything that goes wrong, all decided by one seed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random

from sqlalchemy.orm import Session

from core.records.engines import open_engines
from core.records.errors import RecordsError
from core.records.migrating import prepare
from core.records.records import Records
from core.records.schema import Schema
from core.sync.members import Terminal as Member
from core.sync.members import Workshop
from core.sync.messages import TransportError
from core.sync.seeding import SnapshotError
from core.workshop.models import RepairOrder
from tests.simulation import properties
from tests.simulation.disk import Disk
from tests.simulation.faults import SimulatedCrashError, Weather
from tests.simulation.ledger import BrokenPromiseError, Ledger
from tests.simulation.network import Network
from tests.simulation.terminal import Clock, Terminal, WorldTime
from tests.simulation.workload import FULL, OLDER, Workload

NOON = 1_795_350_000_000  # 2026-11-22, when it all began
NAMES = "ABCDEFGH"
HOUR_MS = 3_600_000
YEAR_MS = 365 * 24 * HOUR_MS
WRONG_CLOCKS = (HOUR_MS, -HOUR_MS, 10 * YEAR_MS, -10 * YEAR_MS, 1_230_768_000_000 - NOON, 0)
MOST_TERMINALS = 7
PASSES = 12  # rounds of everybody with everybody until all must be quiet


def device(name: str) -> tuple[str, str]:
    """Device id and id of the row of the terminal with this name."""
    number = NAMES.index(name)
    return f"DEVICE-{name}", f"0199{number:04d}-0000-7000-8000-000000000000"


@cache
def founded(count: int) -> Disk:
    """A disk with a workshop on it as a snapshot has it: ``count`` members, a few orders, and no site of its own."""
    disk = Disk()
    engines = open_engines(disk.url)
    prepare(engines)
    engines.close()
    records = Records.open(disk.url, wall=lambda: NOON - HOUR_MS, entropy=Random(0), schema=OLDER, inline=True)

    def work(session: Session) -> None:
        add = session.add
        add(Workshop(name="Simulated"))
        for name in NAMES[:count]:
            device_id, row = device(name)
            add(Member(id=row, name=f"Bay {name}", device_id=device_id, public_key="", joined_at=NOON))
        for number in range(2):
            add(RepairOrder(number=str(number), status="booked", complaint="noise", promised_at=number))

    records.change("system", work)
    records.close()
    disk.connection.execute("DELETE FROM local_state WHERE key IN ('site', 'epochs', 'terminal_id')")
    disk.connection.commit()
    return disk


@dataclass(slots=True)
class World:
    """``run`` plays the seed and raises ``BrokenPromiseError`` when something promised does not hold."""

    seed: int
    random: Random = field(init=False)
    weather: Weather = field(init=False)
    time: WorldTime = field(init=False)
    network: Network = field(init=False)
    workload: Workload = field(init=False)
    ledger: Ledger = field(init=False)
    trace: list[str] = field(default_factory=list)
    terminals: list[Terminal] = field(default_factory=list)
    backups: list[tuple[str, Disk]] = field(default_factory=list)
    listener: Callable[[str], None] | None = None  # hears the trace while it grows
    healed: bool = False
    gone: set[str] = field(default_factory=set)  # names of terminals that were removed
    survivors: set[str] = field(default_factory=set)  # what somebody had when everything was healed

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.weather = Weather.of(self.random)
        self.time = WorldTime(NOON)
        self.network = Network(self.weather, self.random, self.tell)
        self.network.pause = self._meanwhile
        self.workload = Workload(self.random)
        self.ledger = Ledger()

    def tell(self, line: str) -> None:
        self.trace.append(f"{self.time.now - NOON:>9}  {line}")
        if self.listener is not None:
            self.listener(self.trace[-1])

    def run(self) -> None:
        """The whole run: a day of work and faults, then everything heals and must come to the same."""
        try:
            self._begin()
            for _ in range(self.random.choice((8, 12, 20, 30))):
                self._step()
            self._heal()
            properties.settled(self)
        finally:
            self._clear()

    # -- the day

    def _begin(self) -> None:
        count = self.random.choice((2, 3, 3, 3, 4, 5))
        self.tell(f"{count} terminals; {self.weather}")
        for name in NAMES[:count]:
            self._arrive(name, device(name), founded(count).copy())

    def _arrive(self, name: str, who: tuple[str, str], disk: Disk, schema: Schema | None = None) -> Terminal:
        if schema is None:
            schema = OLDER if self.random.random() < self.weather.older_program else FULL
        off = self.random.choice(WRONG_CLOCKS) if self.random.random() < self.weather.clock else 0
        clock = Clock(self.time, off + self.random.randrange(-2000, 2000))
        terminal = Terminal(self.seed, name, *who, disk, clock, schema)
        self.terminals.append(terminal)
        self._start_if_off(terminal)
        return terminal

    def _step(self) -> None:
        self.time.now += self.random.randrange(1, 60_000)
        faults = ((self.weather.cut, self._cut), (self.weather.cut, self._mend), (self.weather.replay, self._late),
                  (self.weather.clock, self._clock), (self.weather.clone, self._clone),
                  (self.weather.restore, self._backup), (self.weather.restore, self._restore),
                  (self.weather.older_program, self._upgrade), (self.weather.seed_new, self._join),
                  (self.weather.remove, self._remove), (self.weather.compact, self._compact),
                  (self.weather.crash, self._restart))  # fmt: skip
        for chance, fault in faults:
            if chance and self.random.random() < chance / 2:
                fault()
        if self.random.random() < 0.6:
            self._work(self._any())
        else:
            self._meet(*self.random.sample(self.terminals, 2))

    def _any(self) -> Terminal:
        return self.random.choice(self.terminals)

    # -- what terminals do

    def _guard(self, terminal: Terminal, what: Callable[[], object]) -> None:
        """Let a terminal do something, while its machine may stop and its disk may be full; then look at everybody."""
        self._start_if_off(terminal)
        self._light(terminal)
        try:
            what()
        except SimulatedCrashError as crash:
            self.tell(f"  {crash}")
            terminal.crashed()
        except RecordsError as error:
            if not terminal.fuse.blew:
                raise
            self.tell(f"  {type(error).__name__}: full at {terminal.fuse.blew:.40}")
        for each in self.terminals:
            each.fuse.put_out()
            properties.at_every_moment(each, self.ledger)

    def _light(self, terminal: Terminal) -> None:
        if self.healed:
            return
        if self.random.random() < self.weather.crash:
            terminal.fuse.light(int(self.random.expovariate(1 / 12)), crash=True)
        elif self.random.random() < self.weather.full_disk:
            terminal.fuse.light(int(self.random.expovariate(1 / 8)), crash=False)

    def _start_if_off(self, terminal: Terminal) -> None:
        if not terminal.up:
            terminal.start()
            self.tell(f"{terminal.name} starts, site {terminal.records.site[:6]}, schema {terminal.schema.version}")

    def _work(self, terminal: Terminal) -> None:
        self._guard(terminal, lambda: self._act(terminal))

    def _act(self, terminal: Terminal) -> None:
        """One change. Once ``change`` has returned, the ledger knows that this disk must keep it."""
        before = _last(terminal)
        self.workload.told = ""
        try:
            self.workload.act(terminal)
        finally:
            self.tell(f"{terminal.name} {self.workload.told}")
        after = _last(terminal)
        if after != before:
            self.ledger.acknowledge(after, terminal.name)
            self.ledger.look(terminal.name, terminal.disk)

    def _meet(self, caller: Terminal, to: Terminal) -> None:
        self._start_if_off(to)
        self._light(to)
        self.tell(f"{caller.name} -> {to.name}")
        self._guard(caller, lambda: self._round(caller, to))

    def _round(self, caller: Terminal, to: Terminal) -> None:
        try:
            result = caller.exchange.round(self.network.line(caller, to))
        except TransportError as error:
            self.tell(f"  {error}")
        else:
            told = f"{result.pulled} in, {result.pushed} out, {result.forks} forks, in step: {result.in_step}"
            self.tell(f"  {told}")
            if result.must_reseed:
                self._seed_anew(caller, to)
            if result.repaired or result.differs:
                raise BrokenPromiseError("same rows", f"{caller.name} and {to.name} differed: {result}")

    def _seed_anew(self, caller: Terminal, to: Terminal) -> None:
        """``caller`` lacks what ``to`` has let go of: it takes all records of ``to``, and keeps its own beyond them."""
        self.tell(f"{caller.name} is seeded anew by {to.name}")
        try:
            caller.load(to.snapshot())
        except SnapshotError:  # an older program does not understand all of it: people are told to update it first
            if caller.schema.version >= to.schema.version:
                raise
            self.tell(f"{caller.name} must be updated first")
            return
        self.ledger.seeded_anew(caller.disk, to.disk, caller.schema)

    def _meanwhile(self, caller: Terminal, to: Terminal) -> None:
        """While a message is under way people go on working at both ends."""
        if self.healed or self.random.random() > 0.05:
            return
        terminal = self.random.choice((caller, to))
        if not terminal.up:
            return
        try:
            self._act(terminal)
        except SimulatedCrashError as crash:
            if terminal is caller:
                raise
            self.tell(f"  {crash}")
            to.crashed()
        except RecordsError as error:
            if not terminal.fuse.blew:
                raise
            self.tell(f"  {type(error).__name__}: full at {terminal.fuse.blew:.40}")

    # -- what happens to them

    def _cut(self) -> None:
        self.network.cut([each.name for each in self.terminals])
        self.tell(f"the network falls apart: {self.network.part}")

    def _mend(self) -> None:
        if self.network.part:
            self.network.part = {}
            self.tell("the network is whole again")

    def _late(self) -> None:
        self.network.say_again()
        self._guard(self._any(), lambda: None)

    def _clock(self) -> None:
        terminal = self._any()
        terminal.clock.off_ms = self.random.choice(WRONG_CLOCKS)
        self.tell(f"the clock of {terminal.name} is off by {terminal.clock.off_ms / HOUR_MS:.0f} h")

    def _restart(self) -> None:
        terminal = self._any()
        if terminal.up:
            terminal.stop()
        self._start_if_off(terminal)

    def _upgrade(self) -> None:
        terminal = self._any()
        if terminal.schema is not FULL:
            if terminal.up:
                terminal.stop()
            terminal.schema = FULL
            self._start_if_off(terminal)

    def _clone(self) -> None:
        """The disk is copied into another machine, which then runs as the same terminal."""
        if len(self.terminals) >= MOST_TERMINALS:
            return
        original = self._any()
        name = f"{original.name}'"
        if any(each.name == name for each in self.terminals):
            return
        self.tell(f"{original.name} is cloned")
        who = (original.device_id, original.terminal_id)
        self._arrive(name, who, original.disk.copy(), original.schema)

    def _backup(self) -> None:
        terminal = self._any()
        self.backups.append((terminal.name, terminal.disk.copy()))
        self.tell(f"the disk of {terminal.name} is saved")

    def _restore(self) -> None:
        """The disk of a terminal is replaced by one of some time ago."""
        if not self.backups:
            return
        name, image = self.random.choice(self.backups)
        found = [each for each in self.terminals if each.name == name]
        if not found:
            return
        terminal = found[0]
        if terminal.up:
            terminal.crashed()
        terminal.disk.throw_away()
        terminal.disk = image.copy()
        self.tell(f"the disk of {name} is replaced by an old one")
        self._start_if_off(terminal)

    def _join(self) -> None:
        """A new terminal joins at a running one, which seeds it."""
        taken = {each.name for each in self.terminals} | self.gone
        free = [name for name in NAMES if name not in taken]
        if len(self.terminals) >= MOST_TERMINALS or not free:
            return
        giver, name = self._any(), free[0]
        who = device(name)
        self.tell(f"{name} joins at {giver.name}")

        def row(session: Session) -> None:
            if session.get(Member, who[1]) is None:  # an earlier attempt may have come as far as this
                session.add(Member(id=who[1], name=f"Bay {name}", device_id=who[0], joined_at=self.time.now))

        def admit() -> None:
            giver.records.change("system", row)
            seeded.append(giver.snapshot())

        seeded: list[bytes] = []
        self._guard(giver, admit)
        if seeded:
            schema = self.random.choice((giver.schema, FULL))
            clock = Clock(self.time, self.random.randrange(-2000, 2000))
            made = Terminal(self.seed, name, *who, Disk(), clock, schema)
            self._start_if_off(made)
            self.terminals.append(made)
            while not made.seeded:
                self._guard(made, lambda: made.load(seeded[0]))
            self.ledger.seeded_anew(made.disk, giver.disk, made.schema)

    def _remove(self) -> None:
        """A terminal is removed from the workshop, and switched off for good, whatever only it had."""
        if len({each.device_id for each in self.terminals}) < 3:
            return
        gone, by = self.random.sample(self.terminals, 2)
        if gone.device_id == by.device_id:
            return
        self.tell(f"{by.name} removes {gone.name}")

        def work(session: Session) -> None:
            row = session.get(Member, gone.terminal_id)
            if row is not None:
                row.removed_at = self.time.now

        self._guard(by, lambda: by.records.change("system", work))
        for each in [each for each in self.terminals if each.device_id == gone.device_id]:
            if each.up:
                each.crashed()
            each.disk.throw_away()
            self.terminals.remove(each)
            self.gone.add(each.name)

    def _compact(self) -> None:
        """A terminal lets go of what everybody has."""
        terminal = self._any()

        def let_go() -> None:
            if count := terminal.let_go():
                self.tell(f"{terminal.name} lets go of {count} transactions")

        self._guard(terminal, let_go)

    # -- the evening

    def _heal(self) -> None:
        """Everything works again and everybody has today's program; everybody meets until nothing is new any more."""
        self.healed = self.network.healed = True
        self.network.part = {}
        self.tell("everything works again")
        for each in self.terminals:
            self.survivors |= each.disk.held.keys()
        for each in self.terminals:
            if each.up:
                each.stop()
            each.schema = FULL
            self._start_if_off(each)
        for number in range(PASSES):
            for caller, to in zip(self.terminals, [*self.terminals[1:], self.terminals[0]], strict=True):
                self._meet(caller, to)
            if len({properties.known_by(each) for each in self.terminals}) == 1:
                self.tell(f"all know the same after {number + 1} passes")
                return
        raise BrokenPromiseError("quiet", f"after {PASSES} passes some still lack what others have")

    def _clear(self) -> None:
        for each in self.terminals:
            if each.up:
                each.crashed()
            each.disk.throw_away()
        for _, disk in self.backups:
            disk.throw_away()


def _last(terminal: Terminal) -> str:
    found = terminal.disk.all("SELECT stamp FROM transactions ORDER BY arrival DESC LIMIT 1")
    return str(found[0][0]) if found else ""
