"""The copies for terminals that join: one each, removed when they were fetched, told when they fail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from server.sync.seeds import KEPT_FOR, MOST, Seed, Seeds, TooManySeedsError

Told = Callable[[int, int], None]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def write(path: Path, told: Told) -> None:
    told(1, 2)
    path.write_bytes(b"everything")
    told(2, 2)


def made(seed: Seed) -> Seed:
    assert seed.making is not None
    seed.making.result(10)
    return seed


def test_a_copy_is_made_once_for_each_and_removed_when_it_was_fetched(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        seeds = Seeds(tmp_path, write, pool)
        seed = made(seeds.get("A"))
        assert seeds.get("A") is seed
        assert (seed.sha256, seed.done, seed.total) == (sha256(b"everything").hexdigest(), 2, 2)
        assert seeds.get("B") is not seed
        seeds.drop("A")
        seeds.drop("A")
        assert not seed.path.exists()
        other = made(seeds.get("B"))
        seeds.close()
        assert not other.path.exists()


def test_a_copy_that_failed_is_told_once_and_then_made_anew(tmp_path: Path) -> None:
    failures = [OSError("the disk is full")]

    def failing(path: Path, told: Told) -> None:
        path.write_bytes(b"half")
        if failures:
            raise failures.pop()

    with ThreadPoolExecutor(1) as pool:
        seeds = Seeds(tmp_path, failing, pool)
        made(seeds.get("A"))
        failed = seeds.get("A")
        assert str(failed.failure) == "the disk is full"
        assert not failed.path.exists()
        assert made(seeds.get("A")).sha256


def test_one_that_nobody_fetches_goes_and_there_is_an_end_to_how_many(tmp_path: Path) -> None:
    clock = Clock()
    with ThreadPoolExecutor(1) as pool:
        seeds = Seeds(tmp_path, write, pool, clock=clock)
        left = [made(seeds.get(str(each))) for each in range(MOST)]
        with pytest.raises(TooManySeedsError):
            seeds.get("one more")
        clock.now = KEPT_FOR + 1
        assert made(seeds.get("one more")).path.exists()
        assert not any(each.path.exists() for each in left)


def test_one_that_is_dropped_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:

        def dropped_meanwhile(path: Path, told: Told) -> None:
            write(path, told)
            seeds.drop("A")
            path.write_bytes(b"written on")

        seeds = Seeds(tmp_path, dropped_meanwhile, pool)
        made(seeds.get("A"))
        assert not list(tmp_path.rglob("*.seed"))
