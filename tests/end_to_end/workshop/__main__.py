"""``python -m tests.end_to_end.workshop``: the long runs."""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.end_to_end.workshop import crowd
from tests.end_to_end.workshop.network import obstacle
from tests.end_to_end.workshop.storm import Storm, in_words

_STORM_TERMINALS, _STORM_CHANGES = 5, 40
_CROWD_TERMINALS, _CROWD_CHANGES = 20, 5000


def main() -> int:
    options = _options()
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    folder = Path(tempfile.mkdtemp(prefix="bayline-workshop-", dir=options.dir))
    began = time.monotonic()

    def say(words: str) -> None:
        print(f"{time.monotonic() - began:7.1f}  {words}", flush=True)

    if options.storm is None:
        crowd.run(
            folder,
            options.terminals or _CROWD_TERMINALS,
            options.changes or _CROWD_CHANGES,
            kills=options.kills,
            seed=seed,
            within=options.within,
            say=say,
        )
    elif why := obstacle():
        print(f"no storm here: {why}", file=sys.stderr)
        return 1
    else:
        terminals, changes = options.terminals or _STORM_TERMINALS, options.changes or _STORM_CHANGES
        with Storm(folder, terminals, seed, say) as storm:
            _weather(storm, options.storm, changes, options.kills)
    shutil.rmtree(folder)  # what failed stays, to be looked at
    return 0


def _weather(storm: Storm, rounds: int, changes: int, kills: int) -> None:
    first = storm.found(changes)
    for number, room in enumerate(storm.lan.rooms[1:]):
        storm.join(room, first, killed=("giver", "joiner", "")[number % 3])
    storm.come_together()
    storm.say(in_words(storm.seconds_until_seen(20)))
    storm.strangers_get_nothing()
    for number in range(1, rounds + 1):
        storm.say(f"round {number} of {rounds}")
        storm.apart(changes)
        storm.together([storm.random.choice(("pull", "push", "any")) for _ in range(kills)])
        storm.verify()
    storm.clone(storm.terminals[1], changes)
    storm.verify()
    storm.remove(storm.terminals[2])
    storm.verify()
    storm.say(in_words(storm.seconds_until_seen(20)))
    for name, lines in storm.troubles().items():
        storm.say("\n  ".join([f"the log of {name}:", *lines[:60]]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.end_to_end.workshop",
        description="Terminals as real processes. Many that come back after days alone; or, with --storm, a few whose "
        "network falls apart and that are killed, again and again.",
    )
    parser.add_argument("--storm", type=int, metavar="ROUNDS", help="so many times apart and together again")
    parser.add_argument(
        "--terminals", type=int, metavar="N", help=f"default: {_CROWD_TERMINALS}, in a storm {_STORM_TERMINALS}"
    )
    parser.add_argument(
        "--changes", type=int, metavar="N", help=f"of each, while alone; default: {_CROWD_CHANGES} or {_STORM_CHANGES}"
    )
    parser.add_argument("--kills", type=int, default=3, metavar="N", help="in each round, or in all (default: 3)")
    parser.add_argument("--seed", type=int, metavar="N", help="of what happens (default: another one each time)")
    parser.add_argument("--within", type=float, default=3600.0, metavar="S", help="time to come together (3600)")
    parser.add_argument("--dir", type=Path, metavar="DIR", help="where the homes lie (default: the system's place)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
