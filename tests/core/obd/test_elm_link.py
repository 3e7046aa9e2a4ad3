"""A car behind an ELM adapter: every protocol is found, settings that were lost are restored, doubts are settled."""

import pytest

from core.obd import discovery
from core.obd.bytelink import LinkError
from core.obd.elm_link import PROTOCOLS
from core.obd.gaps import GapCounter, GapKind
from core.obd.poller import Poller
from core.obd.status import Trouble
from tests.core.obd.scripted_car import lines, scripted_car
from tests.core.obd.terminal import COUNTING_PIDS, RememberingCar
from tests.core.obd.virtual import Said, bench, patcher


class AnyBus(RememberingCar):
    """Answers whatever its physical address is on this bus."""

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        return super().answer(request, None, now)


def a_car(protocol: str) -> AnyBus:
    return AnyBus(protocol=protocol, ecu={"6": 0x7E8, "8": 0x7E8, "7": 0x18DAF110, "9": 0x18DAF110}.get(protocol, 0x10))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("model", "dialect"),
    [("ideal", "elm327"), ("usb115200", "elm327-v1.4"), ("clone", "clone"), ("bluetooth", "clone-bt")],
)
def test_every_protocol_is_found_and_gives_values(
    protocol: str, model: str, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    car = a_car(protocol)
    rig = bench(patcher(monkeypatch), car, model=model, dialect=dialect)
    link = rig.plug_in()
    first = discovery.first_masks(link.find_car())
    ecu = {"6": "7E8", "8": "7E8", "7": "18DAF110", "9": "18DAF110"}.get(protocol, "10")
    assert list(first) == [ecu]
    assert link.protocol == PROTOCOLS[protocol]
    link.learn_abilities(ecu, list(COUNTING_PIDS))
    assert (link.max_pids > 1) == (protocol in "6789" and dialect != "clone-bt")
    gaps = GapCounter()
    poller = Poller(link, gaps, lambda kind, detail: None, lambda message, request: None)
    for _ in range(20):
        for pid, (_, data) in poller.poll(ecu, COUNTING_PIDS[: link.max_pids]).data.items():
            assert data == car.said[pid]
    assert gaps.snapshot() == {}


@pytest.mark.parametrize("lost", [{"headers": False}, {"headers": False, "spaces": True}, {"linefeeds": True}])
def test_settings_lost_without_a_word_are_restored_when_the_car_is_looked_for_again(
    lost: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    car = RememberingCar()
    rig = bench(patcher(monkeypatch), car, model="usb115200")
    link = rig.plug_in()
    assert discovery.first_masks(link.find_car())
    for name, value in lost.items():
        setattr(rig.adapter.settings, name, value)
    poller = Poller(link, GapCounter(), lambda kind, detail: None, lambda message, request: None)
    for _ in range(5):  # nothing that could be misread comes of it
        for pid, (_, data) in poller.poll("7E8", (0x0C,)).data.items():
            assert data == car.said[pid]
    assert list(discovery.first_masks(link.find_car())) == ["7E8"]
    assert poller.poll("7E8", (0x0C,)).data or poller.poll("7E8", (0x0C,)).data


def test_an_adapter_that_forgot_everything_is_noticed_at_the_next_question(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), RememberingCar(), model="usb115200")
    link = rig.plug_in()
    assert discovery.first_masks(link.find_car())
    rig.adapter._defaults()  # and echoes from now on
    with pytest.raises(LinkError) as caught:
        link.request("7E8", b"\x01\x0c")
    assert caught.value.trouble is Trouble.ADAPTER_RESET


def test_a_restart_for_low_voltage_says_so() -> None:
    link, _ = scripted_car({"010C": "LV RESET\r\rELM327 v1.5"})
    with pytest.raises(LinkError) as caught:
        link.request("7E8", b"\x01\x0c")
    assert caught.value.trouble is Trouble.LOW_VOLTAGE


def test_an_adapter_that_shows_no_headers_still_gives_values() -> None:
    bare = {"0100": "4100BE3FA813", "010C": "410C1AF8", "010C0D05": "008\r0:410C1AF80D32\r1:057B"}
    link, _ = scripted_car({"ATH1": "?", **bare})
    assert list(discovery.first_masks(link.request(None, b"\x01\x00"))) == [""]
    assert not link.info.headers
    gaps = GapCounter()
    poller = Poller(link, gaps, lambda kind, detail: None, lambda message, request: None)
    assert poller.poll("", (0x0C,)).data[0x0C][1] == b"\x1a\xf8"
    assert set(poller.poll("", (0x0C, 0x0D, 0x05)).data) == {0x0C, 0x0D, 0x05}
    assert gaps.snapshot() == {}


@pytest.mark.parametrize("name", ["ELM327 v1.5", "STN1110"])
def test_a_chip_without_headers_is_never_asked_by_the_name_of_a_unit(name: str) -> None:
    """An STN that had lost its headers was asked for unit "" by STPX, and the link fell over."""
    link, port = scripted_car({"ATH1": "?", "STI": f"{name} v4.0.4", "0100": "4100BE3FA813", "010C": "410C1AF8"})
    link.learn_abilities("", [0x0C])
    assert link.request("", b"\x01\x0c").messages
    assert not [command for command in port.sent if command.startswith(("STPX", "ATSH"))]


def test_an_empty_answer_is_a_doubt_that_is_settled_before_the_next_question() -> None:
    replies = iter(["", "7E804410C1AF8"])
    link, port = scripted_car({"010C": lambda: next(replies)})
    assert [kind for kind, _ in link.request("7E8", b"\x01\x0c").gaps] == [GapKind.NO_DATA]
    port.sent.clear()
    assert link.request("7E8", b"\x01\x0c").messages
    assert port.sent == ["ATI", "010C"]


def test_the_answer_to_another_question_is_a_doubt_too() -> None:
    replies = iter(["7E803410D32", "7E804410C1AF8"])
    link, port = scripted_car({"010C": lambda: next(replies)})
    link.request("7E8", b"\x01\x0c")
    port.sent.clear()
    link.request("7E8", b"\x01\x0c")
    assert port.sent == ["ATI", "010C"]


@pytest.mark.parametrize(
    ("text", "volts"),
    [("12.6V", 12.6), ("12.6", 12.6), ("9V", 9.0), ("0.0V", 0.0), ("?", None), ("", None), ("NO", None)],
)
def test_the_voltage_at_the_socket(text: str, volts: float | None) -> None:
    link, _ = scripted_car({"ATRV": text})
    assert link.voltage() == volts


def test_long_answers_with_a_count_that_is_too_small_are_not_believed_and_the_count_is_dropped() -> None:
    """The adapter stops listening after so many frames: what is left of a message is no message."""
    whole = lines("7E8", bytes.fromhex("410C1AF80D32057B"))
    cut = whole.split("\r", maxsplit=1)[0]
    link, port = scripted_car({"010C0D05": whole, "010C0D052": cut, "010C1": "7E804410C1AF8", "010C": "7E804410C1AF8"})
    link.learn_abilities("7E8", [0x0C])
    assert link.info.frame_count
    gaps = GapCounter()
    poller = Poller(link, gaps, lambda kind, detail: None, lambda message, request: None)
    assert len(poller.poll("7E8", (0x0C, 0x0D, 0x05)).data) == 3
    assert poller.poll("7E8", (0x0C, 0x0D, 0x05)).data == {}
    assert gaps.snapshot() == {GapKind.SHORT: 1}
    for _ in range(3):
        assert len(poller.poll("7E8", (0x0C, 0x0D, 0x05)).data) in (0, 3)
    assert port.sent.count("010C0D052") == 1
