"""``python -m tests.simulation``: play many seeds on all cores, or tell the story of one."""

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.simulation.play import Outcome, failures, play

PORTION = 50  # seeds that one process plays before it reports
SHOWN = 20  # failures told in full


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0: everything promised held in every seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000, metavar="N", help="how many (2000)")
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="M", help="the first one (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="J", help="processes (one a core)")
    parser.add_argument("--replay", type=int, metavar="SEED", help="play only this one")
    parser.add_argument("-v", "--verbose", action="store_true", help="with --replay: tell all that happens")
    chosen = parser.parse_args(arguments)
    if chosen.replay is not None:
        return _replay(chosen.replay, verbose=chosen.verbose)
    return _many(range(chosen.first, chosen.first + chosen.seeds), chosen.jobs)


def _replay(seed: int, *, verbose: bool) -> int:
    outcome = play(seed, print if verbose else None)
    print(outcome.problem or f"seed {seed}: everything promised held")
    return 1 if outcome.problem else 0


def _many(seeds: range, jobs: int) -> int:
    portions = [seeds[start : start + PORTION] for start in range(0, len(seeds), PORTION)]
    began, told, played = time.monotonic(), 0.0, 0
    failed: list[Outcome] = []
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        playing = {pool.submit(failures, each): len(each) for each in portions}
        for each in as_completed(playing):
            played += playing[each]
            for outcome in each.result():
                failed.append(outcome)
                if len(failed) <= SHOWN:
                    print(f"seed {outcome.seed}: {outcome.problem}\n  {outcome.command}", flush=True)
            now = time.monotonic() - began
            if now - told > 10:
                told = now
                print(f"{played} of {len(seeds)} seeds, {len(failed)} failed, {now:.0f} s", file=sys.stderr, flush=True)
    print(f"{played} seeds, {len(failed)} failed, {time.monotonic() - began:.0f} s")
    if failed:
        print("failed:", *sorted(each.seed for each in failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
