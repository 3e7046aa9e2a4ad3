"""Three real terminals find each other by multicast, are cut apart and killed while they tell each other everything.

The long runs, with more terminals, a copied disk and a removed terminal: ``python -m tests.end_to_end.workshop``.
"""

import os
import random
from pathlib import Path

import pytest

from tests.end_to_end.workshop.network import obstacle
from tests.end_to_end.workshop.storm import Storm, in_words

CHANGES = 20
SEED = "BAYLINE_STORM_SEED"


def test_nothing_a_terminal_said_it_had_kept_is_lost(tmp_path: Path) -> None:
    if why := obstacle():
        pytest.skip(f"no real network of terminals here: {why}")
    seed = int(os.environ.get(SEED) or random.SystemRandom().randrange(1_000_000))
    with Storm(tmp_path, 3, seed, lambda words: print(f"{SEED}={seed}: {words}")) as storm:
        first = storm.found(CHANGES)
        storm.join(storm.lan.rooms[1], first, killed="giver")
        storm.join(storm.lan.rooms[2], first)
        storm.come_together()
        storm.say(in_words(storm.seconds_until_seen(3)))
        storm.strangers_get_nothing()

        storm.apart(CHANGES)
        storm.together(["pull", "push"])

        storm.verify()
