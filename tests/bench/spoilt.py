"""A million replies, one in a hundred spoilt in every way there is: wrong values must be 0."""

import time

from tests.core.obd.test_no_wrong_value import PIDS, STALLS, VARIANTS, Driver, one_in
from tests.core.obd.virtual import CountingCar, bench

REPLIES = 1_000_000
RUNS = (
    ("elm327", "ideal"),
    ("elm327", "usb115200"),
    ("clone", "clone"),
    ("stn", "ideal"),
    ("elm327-v1.4", "bluetooth"),
)


def run() -> dict[str, object]:
    """Virtual time: the link's real code, the simulator's real code, no waiting."""
    total = {"replies": 0, "values": 0, "wrong": 0, "old": 0, "spoilt": 0, "relinks": 0}
    began = time.monotonic()
    seed = 0
    while total["replies"] < REPLIES:
        for dialect, model in RUNS:
            seed += 1
            rig = bench(
                setattr,
                CountingCar(PIDS),
                dialect=dialect,
                model=model,
                script=one_in(1.0, VARIANTS + STALLS),
                seed=seed,
            )
            tally = Driver(rig).run(120_000)
            total["replies"] += tally.replies
            total["values"] += tally.values
            total["wrong"] += tally.wrong
            total["old"] += tally.old
            total["relinks"] += tally.relinks
            total["spoilt"] += sum(rig.board.injected.values())
            if tally.examples:
                print(dialect, model, "seed", seed, tally.examples[:5], flush=True)
            if total["replies"] >= REPLIES:
                break
        print(f"{total}  {time.monotonic() - began:.0f} s", flush=True)
    return dict(total)
