"""Terminals on different machines find each other by real multicast: network namespaces on one bridge."""

from collections.abc import Iterator

import pytest

from tests.server.sync import lan
from tests.server.sync.lan import Lan

NEIGHBOUR = ("-m", "tests.server.sync.neighbour")


@pytest.fixture(scope="module")
def two() -> Iterator[Lan]:
    if reason := lan.obstacle():
        pytest.skip(reason)
    with Lan(2) as both:
        yield both


def test_two_machines_find_each_other_and_notice_when_one_leaves(two: Lan) -> None:
    with two.program(0, *NEIGHBOUR, "AAAA", "8420", "eth0") as first:
        with two.program(1, *NEIGHBOUR, "BBBB", "8421", "eth0") as second:
            heard = first.hear(seen="BBBB")
            assert heard["urls"] == [f"https://{two.address(1)}:8421"]
            assert heard["workshop"] == "ab" * 8
            assert second.hear(seen="AAAA")["urls"] == [f"https://{two.address(0)}:8420"]
        first.hear(lost="BBBB")


def test_a_second_machine_with_our_id_is_noticed_by_both(two: Lan) -> None:
    with two.program(0, *NEIGHBOUR, "AAAA", "8420") as first, two.program(1, *NEIGHBOUR, "AAAA", "8420") as second:
        assert first.hear()["cloned"] == [f"https://{two.address(1)}:8420"]
        assert second.hear()["cloned"] == [f"https://{two.address(0)}:8420"]


def test_a_machine_told_to_use_another_network_only_is_not_found(two: Lan) -> None:
    with (
        two.program(0, *NEIGHBOUR, "AAAA", "8420", "eth0") as first,
        two.program(1, *NEIGHBOUR, "HIDDEN", "8421", "wlan7"),
        two.program(1, *NEIGHBOUR, "BBBB", "8422", two.address(1)) as third,
    ):
        assert first.hear()["seen"] == "BBBB"
        assert third.hear()["seen"] == "AAAA"
