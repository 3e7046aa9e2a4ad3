"""The phone page in a real browser, against a real server: what a person sees, and what happens when they touch it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.obd.status import LinkState, LinkStatus, Trouble
from server.service import Server
from tests.server.browser import Page, browser, chromium
from tests.server.fake_source import FakeSource

TILE = 'document.querySelector(".tiles li:nth-child({n}) .tile")'
FIRST, SECOND = TILE.format(n=1), TILE.format(n=2)


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine (apt install chromium)")
    with browser(program, Path(tmp_path_factory.mktemp("phone"))) as page:
        yield page


@pytest.fixture
def source() -> FakeSource:
    # Each test has another car, because the page remembers the gauges of each.
    found = FakeSource("engine_speed", "vehicle_speed", "coolant_temperature", "fuel_system_1_status")
    found.profile.id = f"car-{id(found)}"
    return found


@pytest.fixture
def page(phone: Page, server: Server) -> Iterator[Page]:
    phone.complaints.clear()
    phone.open(server.address)
    phone.until('document.querySelectorAll(".tile").length === 4')
    yield phone
    phone.open("about:blank")


def number(tile: str) -> str:
    return f'{tile}.querySelector(".number").textContent'


def test_gauges_show_the_values_and_the_link_in_words(page: Page, source: FakeSource) -> None:
    source.put("engine_speed", 1726.0)
    page.until(f'{number(FIRST)} === "1726"')
    assert page.text("#vehicle") == "Golf of Mrs Ott"
    assert page.text("#link-words") == "Connected, 2 control units"
    assert page.complaints == []


def test_a_signal_that_never_came_has_no_number_and_says_so(page: Page) -> None:
    page.until(f'{SECOND}.innerText.includes("No answer")')
    assert page.evaluate(number(SECOND)) == "\u2013"


def test_a_value_that_gets_old_is_greyed_with_its_age(page: Page, source: FakeSource) -> None:
    source.put("engine_speed", 900.0)
    page.until(f'{FIRST}.dataset.state === "live"')
    source.later = 7.0
    page.until(f'{FIRST}.dataset.state === "stale" && /Stale, [789] s/.test({FIRST}.innerText)')
    assert page.evaluate(number(FIRST)) == "900", "the last value stays, marked"


def test_over_a_limit_the_gauge_says_which(page: Page, source: FakeSource) -> None:
    source.put("engine_speed", 6400.0)
    page.until(f'{FIRST}.dataset.level === "warning" && {FIRST}.innerText.includes("Over 6000")')


def test_the_scale_is_written_in_full_and_the_mean_no_finer_than_the_value(page: Page, source: FakeSource) -> None:
    page.until(f'[...{FIRST}.querySelector(".ends").children].map((end) => end.textContent).join() === "0,8000"')
    page.press(".tiles li:nth-child(1) .tile")
    for value in (2175.0, 2176.0, 2176.5):
        source.put("engine_speed", value)
        page.until(f'document.querySelector("#detail .number").textContent === "{value:.0f}"')
    page.until('/Mean 217[56](?![.,\\d])/.test(document.querySelector("#detail .facts").innerText)')
    overlaps = """(() => { const [a, b] = [...document.querySelectorAll(".tile .ends")[0].children]
        .map((end) => end.getBoundingClientRect()); return a.right > b.left })()"""
    assert not page.evaluate(overlaps)


def test_a_code_is_shown_as_its_meaning(page: Page, source: FakeSource) -> None:
    source.put("fuel_system_1_status", 2.0)
    page.until(f'{number(TILE.format(n=4))}.startsWith("Closed loop")')


def test_gauges_chosen_on_this_phone_come_back(page: Page, server: Server) -> None:
    page.press("#choose")
    page.press(".choices li:nth-child(2) input")
    page.press(".sheet[open] .button.main")
    page.until('document.querySelectorAll(".tile").length === 3')

    page.open(server.address)

    page.until('document.querySelectorAll(".tile").length === 3')
    assert "Vehicle speed" not in page.text(".tiles")
    assert page.complaints == []


def test_only_the_gauges_on_the_page_are_asked_of_the_car(page: Page, source: FakeSource) -> None:
    page.until(f'{SECOND}.innerText.includes("No answer")')
    [wants] = source.watched.values()
    assert set(wants) == {"engine_speed", "vehicle_speed", "coolant_temperature", "fuel_system_1_status"}


def test_the_theme_is_changed_by_hand_and_kept(page: Page, server: Server) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    before = page.evaluate(paper)
    page.press("#theme")
    after = page.evaluate(paper)
    assert after != before

    page.open(server.address)

    page.until(f"{paper} === {after!r}")
    page.press("#theme")
    assert page.evaluate(paper) == before


def test_what_is_wrong_with_the_link_is_explained_with_what_to_try(page: Page, source: FakeSource) -> None:
    source.link = LinkStatus(LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF)
    page.until('document.querySelector("#explain").innerText.includes("Switch the ignition on")')
    assert page.text("#link-words") == "Bus asleep"


def test_when_the_terminal_goes_the_page_says_so_and_comes_back_by_itself(
    page: Page, server: Server, source: FakeSource
) -> None:
    source.put("engine_speed", 1500.0)
    page.until(f'{number(FIRST)} === "1500"')
    server.stop()
    page.until('document.querySelector("#link-words").textContent === "Reconnecting"')
    page.until('!document.querySelector("#lost").hidden')
    page.until(f'{FIRST}.dataset.state === "stale"')

    again = Server(source, port=server.port, terminal="Bay 3", version="9.9")
    again.start()
    try:
        source.put("engine_speed", 1600.0)
        page.until(f'{number(FIRST)} === "1600" && document.querySelector("#lost").hidden')
    finally:
        again.stop()


def test_nothing_is_wider_than_the_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_interfaces_page_draws_itself_offline(phone: Page, server: Server) -> None:
    phone.complaints.clear()
    phone.open(f"{server.address}docs")
    phone.until('document.querySelectorAll(".opblock").length >= 5')
    assert phone.complaints == []
    assert phone.evaluate(
        'performance.getEntriesByType("resource").every((entry) => entry.name.startsWith(location.origin)'
        ' || entry.name.startsWith("data:"))'
    )
