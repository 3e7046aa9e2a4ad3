"""Addresses as people type them, and codes as phones read them."""

import ipaddress
import re
import xml.etree.ElementTree as ET

import pytest

from server.addresses import IPAddress, host_label, label, lan_addresses, page_urls
from server.discovery import bounded
from server.qr import QUIET_ZONE, qr_matrix, qr_svg


def lan(*texts: str) -> list[IPAddress]:
    return [ipaddress.ip_address(text) for text in texts]


def test_on_loopback_there_is_one_url() -> None:
    assert page_urls("127.0.0.1", 8420, "bay-3.local") == ["http://127.0.0.1:8420/"]


def test_on_the_lan_every_ipv4_address_is_offered_and_then_the_name() -> None:
    urls = page_urls("0.0.0.0", 8420, "bay-3.local", lambda: lan("192.168.1.20", "10.0.0.5", "2001:db8::1"))
    assert urls == ["http://192.168.1.20:8420/", "http://10.0.0.5:8420/", "http://bay-3.local:8420/"]


def test_ipv6_is_offered_when_there_is_nothing_else() -> None:
    assert page_urls("0.0.0.0", 8420, "", lambda: lan("2001:db8::1")) == ["http://[2001:db8::1]:8420/"]


def test_without_a_network_this_terminal_still_has_an_address() -> None:
    assert page_urls("0.0.0.0", 8420, "", lambda: []) == ["http://127.0.0.1:8420/"]


def test_loopback_and_link_local_addresses_are_no_use_to_others() -> None:
    for address in lan_addresses():
        assert not address.is_loopback
        assert not address.is_link_local


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Bay 3", "bay-3"), ("Bühne Süd", "buhne-sud"), ("Straße", "strasse"), ("🔧", "bayline"), ("x" * 200, "x" * 63)],
)
def test_a_terminals_name_becomes_a_host_name(name: str, expected: str) -> None:
    assert label(name) == expected


def test_a_terminals_host_name_is_one_label_and_ends_with_what_no_other_terminal_has() -> None:
    for terminal in ("Bay 3", "x" * 200, "🔧"):
        name = host_label(terminal)
        assert len(name) <= 63
        assert name == label(name)
        assert re.fullmatch(r"bayline-.*-[0-9a-f]{4}", name)


def test_a_long_name_is_cut_between_characters() -> None:
    cut = bounded("ü" * 100, 63)
    assert cut == "ü" * 31
    assert bounded("", 63) == "Bayline"


def test_the_code_has_its_quiet_zone_and_three_finder_patterns() -> None:
    rows = qr_matrix("http://192.168.1.20:8420/")

    side = len(rows)
    assert all(len(row) == side for row in rows)
    assert not any(any(row) for row in rows[:QUIET_ZONE])
    low, high = QUIET_ZONE, side - QUIET_ZONE - 7
    for top, left in ((low, low), (low, high), (high, low)):
        assert rows[top][left : left + 7] == [True] * 7, "a finder pattern's edge (ISO/IEC 18004, 6.3.3)"
        assert [rows[top + n][left + 3] for n in range(7)] == [True, False, True, True, True, False, True]


def test_the_image_draws_each_dark_module_once() -> None:
    url = "http://192.168.1.20:8420/"
    image = ET.fromstring(qr_svg(url))
    path = image.find("{http://www.w3.org/2000/svg}path")
    assert path is not None
    assert path.get("d", "").count("M") == sum(map(sum, qr_matrix(url)))
