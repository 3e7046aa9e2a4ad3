"""Every state and every trouble is explained in words a mechanic can act on."""

import pytest

from core.obd import words
from core.obd.gaps import WORDS, GapKind
from core.obd.status import EcuInfo, LinkState, LinkStatus, Trouble

WITHOUT_STEPS = {Trouble.NONE, Trouble.OPENING}  # nothing is wrong


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("state", LinkState)
def test_every_state_with_every_trouble_is_explained(state: LinkState, trouble: Trouble) -> None:
    explained = words.explain(LinkStatus(state=state, trouble=trouble))
    assert explained.headline
    assert explained.detail.strip()
    assert all(step.endswith((".", "…")) for step in explained.tries)


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if trouble not in WITHOUT_STEPS])
def test_every_trouble_has_a_sentence_of_its_own_and_says_what_to_try(trouble: Trouble) -> None:
    explained = words.explain(LinkStatus(state=LinkState.NO_ADAPTER, trouble=trouble))
    others = [
        words.explain(LinkStatus(state=LinkState.NO_ADAPTER, trouble=other)).detail
        for other in Trouble
        if other is not trouble
    ]
    assert explained.detail.endswith(".")
    assert explained.detail not in others
    assert explained.tries


@pytest.mark.parametrize("state", LinkState)
def test_every_state_has_a_headline_of_its_own_that_fits_the_top_bar(state: LinkState) -> None:
    text = words.headline(LinkStatus(state=state))
    assert 0 < len(text) <= 24
    assert text not in [words.headline(LinkStatus(state=other)) for other in LinkState if other is not state]


def test_the_operating_systems_own_words_are_not_lost() -> None:
    status = LinkStatus(trouble=Trouble.PORT_MISSING, detail="There is no port /dev/ttyUSB0.")
    assert words.explain(status).detail == "The port does not exist. There is no port /dev/ttyUSB0."


def test_connected_names_protocol_and_control_units() -> None:
    one = LinkStatus(
        state=LinkState.CONNECTED,
        trouble=Trouble.NONE,
        protocol="ISO 15765-4 (CAN 11 bit, 500 kbit/s)",
        ecus=(EcuInfo("7E8"),),
    )
    assert words.headline(one) == "Connected, 1 control unit"
    assert words.explain(one).detail == "ISO 15765-4 (CAN 11 bit, 500 kbit/s); control units: 7E8."
    two = LinkStatus(state=LinkState.CONNECTED, trouble=Trouble.NONE, ecus=(EcuInfo("7E8"), EcuInfo("7E9")))
    assert words.headline(two) == "Connected, 2 control units"
    assert words.explain(two).tries == ()


def test_stale_values_say_how_old() -> None:
    explained = words.explain(LinkStatus(state=LinkState.STALE, trouble=Trouble.NONE))
    assert explained.detail == "Values are older than two seconds."


@pytest.mark.parametrize("kind", GapKind)
def test_every_gap_has_words(kind: GapKind) -> None:
    assert WORDS[kind]
