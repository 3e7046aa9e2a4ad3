"""One seed after another: what each came to, and how to see it again."""

import gc
import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.simulation.world import World

CHUNK = 25  # seeds between two collections of cycles: SQLAlchemy makes many, and collecting them was a tenth of a run


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a seed ended. ``problem`` is "" when all that is promised held; ``trace`` is the story of the run."""

    seed: int
    problem: str
    trace: tuple[str, ...]

    @property
    def command(self) -> str:
        return f"python -m tests.simulation --replay {self.seed} -v"


def play(seed: int, tell: Callable[[str], None] | None = None) -> Outcome:
    """Play one seed, whatever happens in it. ``tell`` hears the story while it unfolds."""
    world = World(seed)
    world.listener = tell
    with _quietly():
        try:
            world.run()
        except Exception as error:  # noqa: BLE001 - also what nobody thought of is a finding of the seed
            told = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            return Outcome(seed, f"{type(error).__name__}: {told}", tuple(world.trace))
    return Outcome(seed, "", tuple(world.trace))


def play_all(seeds: Iterable[int]) -> Iterator[Outcome]:
    """Play seeds one after the other."""
    gc.disable()
    try:
        for number, seed in enumerate(seeds, 1):
            yield play(seed)
            if number % CHUNK == 0:
                gc.collect()
    finally:
        gc.enable()


def failures(seeds: range) -> list[Outcome]:
    """Those that failed."""
    return [each for each in play_all(seeds) if each.problem]


@contextmanager
def _quietly() -> Iterator[None]:
    """Forks and restored disks are warnings to a person, and everyday life here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
