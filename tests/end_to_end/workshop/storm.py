"""A workshop in bad weather: cables pulled, halves apart, programs killed while they pull, push and seed.

Each step is one thing that happens to workshops. What the steps may never do is in ``verify``.
"""

import random
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

from tests.end_to_end.workshop.hands import Hand
from tests.end_to_end.workshop.ledger import ORDERS, VEHICLES, Ledger, differences
from tests.end_to_end.workshop.network import Lan, Room
from tests.end_to_end.workshop.processes import NO_FAULTS, PORT, Stranger, Terminal

COMES_TOGETHER_WITHIN = 120.0  # s: a safety net on a machine that does other things too
NOTICED_WITHIN = 90.0  # s for what is looked at from time to time only

Say = Callable[[str], None]


class Storm:
    """A workshop of ``terminals``, as a context. Everything random comes from ``seed``."""

    def __init__(self, folder: Path, terminals: int, seed: int, say: Say) -> None:
        self.say = say
        self.random = random.Random(seed)
        self.ledger = Ledger()
        self.lan = Lan(terminals)
        self.terminals: list[Terminal] = []
        self.hands: dict[str, Hand] = {}
        self.kills: dict[str, int] = {}
        self._folder = folder
        self._seed = seed
        self._shared: list[tuple[str, str]] = []
        self.say(f"seed {seed}")

    def __enter__(self) -> "Storm":
        self.lan.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            for each in self.terminals:
                self.say(f"{each.name} said: {each.said()}\n" + "\n".join(each.troubles()[-60:]))
        for each in self.terminals:
            each.end_whatever_happens()
        self.lan.close()

    # Founding and joining --------------------------------------------------------------------------------------------

    def found(self, changes: int) -> Terminal:
        """The first terminal, serving, with so many changes in it, for the others to be seeded with."""
        first = self._new_terminal(self.lan.rooms[0])
        first.run("init", "--workshop", "Storm", "--terminal", first.name)
        first.let_programs_in()
        first.serve()
        hand = self.hand(first)
        car = hand.new_vehicle()
        assert car is not None
        order = hand.new_order(car)
        assert order is not None
        self._shared += [(VEHICLES, car), (ORDERS, order)]
        hand.write(changes)
        return first

    def join(self, room: Room, giver: Terminal, *, killed: str = "") -> Terminal:
        """A terminal more. ``killed``: "giver" or "joiner", at a random moment of the seeding, and then once again."""
        joiner = self._new_terminal(room)
        joiner.token = giver.token
        if killed:
            self._kill_while_seeding(giver, joiner, killed)
        else:
            giver.pair(joiner)
        joiner.start()
        return joiner

    def _kill_while_seeding(self, giver: Terminal, joiner: Terminal, killed: str) -> None:
        offer = giver.json("pair", "open")
        joining = joiner.begin("pair", "join", offer["address"], offer["code"], "--terminal", joiner.name)
        made, fetched = giver.home / "tmp" / "seeds", joiner.home / "tmp" / "joining.seed"
        _wait(lambda: joining.poll() is not None or fetched.exists() or any(made.glob("*")), 60, "no seed was made")
        time.sleep(self.random.uniform(0.0, 0.6))
        self.kills[f"seed, {killed}"] = self.kills.get(f"seed, {killed}", 0) + 1
        if killed == "giver":
            giver.kill()
            time.sleep(self.random.uniform(0.0, 1.0))
            giver.serve()
        else:
            joining.kill()
        printed, complained = joining.communicate(timeout=180)
        self.say(f"{killed} killed while {joiner.name} was seeded: join ended with {joining.returncode}")
        if joining.returncode:
            assert "Traceback" not in complained, complained
            if not (joiner.home / "identity").exists():
                giver.pair(joiner)
            self.say(f"{joiner.name} joined again")
        assert (joiner.home / "identity").exists(), printed + complained

    def hand(self, terminal: Terminal) -> Hand:
        """Who types there."""
        if terminal.name not in self.hands:
            hand = Hand(terminal, self.ledger, f"{self._seed}/{terminal.name}")
            hand.shared = self._shared
            self.hands[terminal.name] = hand
        return self.hands[terminal.name]

    # What happens ----------------------------------------------------------------------------------------------------

    def apart(self, changes: int) -> None:
        """The network falls into pieces at random, and everybody goes on working."""
        rooms = list(self.lan.rooms[: len(self.terminals)])
        self.random.shuffle(rooms)
        cut = self.random.randint(1, len(rooms) - 1)
        self.lan.split(rooms[:cut], rooms[cut:])
        if self.random.random() < 0.5:
            self.lan.unplug(rooms[0])
        self.say(f"apart: {[each.address for each in rooms[:cut]]} and {[each.address for each in rooms[cut:]]}")
        hands = [self.hand(each) for each in self.terminals]
        for hand in hands:
            hand.begin(pause=0.0, most=changes)
        for hand in hands:
            hand.end(stop=False)

    def together(self, kills: Sequence[str]) -> None:
        """The network comes back, and programs are killed while they tell each other; people type on meanwhile."""
        hands = [self.hand(each) for each in self.terminals]
        for hand in hands:
            hand.begin(pause=0.2)
        before = {each.name: self._known(each) for each in self.terminals}
        self.lan.heal()
        for kind in kills:
            self._kill(kind, before)
        for hand in hands:
            hand.end()

    def _kill(self, kind: str, before: dict[str, int]) -> None:
        victim = self.random.choice(self.terminals)
        if kind == "pull":  # it takes what is new from others
            _wait(lambda: self._known(victim) > before[victim.name], 60, f"{victim.name} heard nothing", strict=False)
        elif kind == "push":  # others take from it, or are brought what is new
            others = [each for each in self.terminals if each is not victim]
            _wait(
                lambda: any(self._known(each) > before[each.name] for each in others),
                60,
                "nobody heard anything",
                strict=False,
            )
        time.sleep(self.random.uniform(0.0, 0.3))
        victim.kill()
        self.kills[kind] = self.kills.get(kind, 0) + 1
        have, all_there = self._known(victim), max(self._known(each) for each in self.terminals)
        self.say(f"{victim.name} killed ({kind}) with {have} changes of {all_there}")
        time.sleep(self.random.uniform(0.0, 1.0))
        victim.serve()
        before[victim.name] = self._known(victim)

    def clone(self, original: Terminal, changes: int) -> Terminal:
        """The disk of a terminal is copied, and both machines run and are worked at."""
        original.stop()
        copy = Terminal(self._folder / f"{original.name} copied", f"{original.name} copied", self.lan.add_room())
        shutil.copytree(original.home, copy.home)
        copy.token = original.token
        self.lan.unplug(self.lan.rooms[-1])  # nobody knows yet
        self.terminals.append(copy)
        original.start()
        copy.start()
        for each in (original, copy):
            each.wait_for_answer()
            self.hand(each).write(changes)
        self.lan.heal()
        for each in (original, copy):
            self.hand(each).write(changes)
        return copy

    def remove(self, terminal: Terminal) -> None:
        """Take a terminal out of the workshop, and see that nobody talks to it any more."""
        self.terminals.remove(terminal)
        others = self.terminals
        self.random.choice(others).run("peers", "remove", terminal.name)
        for each in others:
            _wait(lambda each=each: each.peers()[terminal.name]["state"] == "removed",  # type: ignore[misc]
                  NOTICED_WITHIN, f"{each.name} has not heard of the removal")  # fmt: skip
        late = Hand(terminal, Ledger(), f"{self._seed}/removed")  # nobody is to have these
        rows = {late.new_vehicle() for _ in range(3)}
        assert None not in rows, late.refusals
        _wait(lambda: all(each["state"] == "refused" for each in terminal.peers().values()), NOTICED_WITHIN,
              lambda: f"{terminal.name} is not turned away: {terminal.peers()}")  # fmt: skip
        for each in others:
            assert not rows & {row["id"] for change in each.feed() for row in change["rows"]}, f"{each.name} has them"
        terminal.stop()
        self.say(f"{terminal.name} removed: refused by {len(others)}")

    # What must hold --------------------------------------------------------------------------------------------------

    def seconds_until_seen(self, samples: int) -> list[float]:
        """How long a change at one terminal takes to be in what another one tells, on a network that is well."""
        found = []
        for _ in range(samples):
            writer, reader = self.random.sample(self.terminals, 2)
            line = reader.line()
            after = reader.feed()[-1]["number"]
            row = self.hand(writer).new_vehicle()
            began = time.monotonic()
            assert row is not None
            while True:
                _, page = reader.ask("GET", f"/api/v1/changes?after={after}&wait=20", over=line)
                after = page["next"]
                if any(each["id"] == row for change in page["changes"] for each in change["rows"]):
                    break
                assert time.monotonic() - began < NOTICED_WITHIN, f"{reader.name} never saw what {writer.name} wrote"
            found.append(time.monotonic() - began)
            line.close()
        return found

    def come_together(self) -> float:
        """Wait until all have the same transactions; seconds it took."""
        began = time.monotonic()
        for each in self.terminals:
            each.wait_for_answer()
        _wait(lambda: len({_told(each) for each in self.terminals}) == 1, COMES_TOGETHER_WITHIN,
              lambda: f"they stay apart: {[(each.name, each.tips()) for each in self.terminals]}")  # fmt: skip
        return time.monotonic() - began

    def verify(self) -> None:
        """Nothing that was kept is lost, and all show the same."""
        took = self.come_together()
        reports = self._reports()
        assert not (found := differences(reports)), "\n".join(found)
        for each in self.terminals:
            feed = each.feed()
            assert not (lost := self.ledger.lost(feed)), f"{each.name} lost {len(lost)}: {lost[:5]}"
        shown = self._shown(self.random.choice(self.terminals))
        assert not (wrong := self.ledger.unexplained(shown)), "\n".join(wrong[:10])
        refusals = [each for hand in self.hands.values() for each in hand.refusals]
        assert not refusals, refusals[:5]
        faults = [line for each in self.terminals for line in each.troubles(but=NO_FAULTS)]
        assert not faults, "\n".join(faults[:60])
        self.say(
            f"all alike {took:.1f} s after the last change: {self.ledger.kept} values kept and none lost, "
            f"{self.ledger.contested()} fields written at several terminals, killed {self.kills}"
        )

    def _reports(self) -> dict[str, Any]:
        """``bayline check --json`` of all, of one moment: what is written meanwhile (an address) is waited for."""
        for _ in range(5):
            reports = {each.name: each.check() for each in self.terminals}
            if len({str(sorted((site, str(scopes)) for site, scopes in each["vector"].items()))
                    for each in reports.values()}) == 1:  # fmt: skip
                break
            self.come_together()
        return reports

    def _shown(self, terminal: Terminal) -> dict[tuple[str, str, str], Any]:
        found = {}
        line = terminal.line()
        for table, path in ((VEHICLES, "vehicles"), (ORDERS, "repair-orders")):
            for row, fields in self.ledger.cells(table).items():
                status, view = terminal.ask("GET", f"/api/v1/{path}/{row}", over=line)
                assert status == 200, f"{terminal.name} does not show {table} {row}: {view}"
                found.update({(table, row, field): view[field] for field in fields})
        line.close()
        return found

    def strangers_get_nothing(self) -> None:
        """Who has no key and no token is told that the terminal is up, and how to join; nothing else."""
        for asked in self.terminals:
            asking = next(each for each in self.terminals if each is not asked)
            line = Stranger(asking.place, asked.place.address, PORT)
            for path, expected in _STRANGERS.items():
                method, _, target = path.partition(" ")
                line.request(method, target, headers={"Content-Type": "application/json"})
                answer = line.getresponse()
                said = answer.read()
                assert answer.status in expected, f"{path}: {answer.status} {said[:300]!r}"
                assert b"Storm" not in said, f"{path} tells the workshop's name: {said[:300]!r}"
            line.close()

    def troubles(self) -> dict[str, list[str]]:
        """What the terminals' logs complain about."""
        return {each.name: lines for each in self.terminals if (lines := each.troubles())}

    # Inside ----------------------------------------------------------------------------------------------------------

    def _new_terminal(self, room: Room) -> Terminal:
        terminal = Terminal(self._folder / room.address, f"Bay {len(self.terminals) + 1}", room)
        self.terminals.append(terminal)
        return terminal

    @staticmethod
    def _known(terminal: Terminal) -> int:
        """Transactions it has."""
        return sum(tip.seq for tip in terminal.tips().values())


_STRANGERS = {
    "GET /health": (200,),
    "GET /join": (200,),
    "GET /": (303,),
    "GET /api/v1/vehicles": (401,),
    "GET /api/v1/changes": (401,),
    "POST /api/v1/vehicles": (401,),
    "GET /openapi.json": (401,),
    "GET /root.crt": (401,),
    "GET /control/v1/peers": (403,),
    "POST /sync/v1/session": (403,),
    "POST /sync/v1/hello": (403,),
    "GET /sync/v1/snapshot": (403,),
}


def in_words(seconds: Sequence[float]) -> str:
    """How long changes took to be seen."""
    return f"seen elsewhere after {median(seconds):.3f} s (median of {len(seconds)}), {max(seconds):.3f} s at most"


def _told(terminal: Terminal) -> str:
    return str(sorted((place, tip.seq, tip.chain) for place, tip in terminal.tips().items()))


def _wait(met: Callable[[], bool], seconds: float, words: str | Callable[[], str], *, strict: bool = True) -> None:
    until = time.monotonic() + seconds
    while not met():
        if time.monotonic() > until:
            assert not strict, words if isinstance(words, str) else words()
            return
        time.sleep(0.02)
