"""A terminal speaks one language, a phone its own; what has no translation is said in English, never not at all."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from core import language
from core.language import mark, number, speaking, tr, trn, use


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use("en")
    yield
    use("en")


def test_english_stands_in_the_code() -> None:
    assert tr("Switch the ignition on.") == "Switch the ignition on."
    assert mark("Bus asleep") == "Bus asleep"


def test_german_comes_from_the_catalogue() -> None:
    use("de")
    assert language.current() == "de"
    assert tr("Switch the ignition on.") == "Zündung einschalten."
    assert tr(mark("Bus asleep")) == "Bus schläft"


def test_values_are_filled_in_after_the_translation() -> None:
    use("de")
    assert tr("{state}, {count} control units", state="Verbunden", count=3) == "Verbunden, 3 Steuergeräte"


def test_one_is_said_in_the_singular_and_none_or_many_in_the_plural() -> None:
    said = [trn("{n} row", "{n} rows", count, n=count) for count in (0, 1, 2)]
    assert said == ["0 rows", "1 row", "2 rows"]
    use("de")
    said = [trn("{n} row", "{n} rows", count, n=count) for count in (0, 1, 2)]
    assert said == ["0 Zeilen", "1 Zeile", "2 Zeilen"]


def test_the_count_fills_its_own_field_and_what_has_no_translation_has_its_english_plural() -> None:
    use("de")
    assert trn("{count} sheep is lost", "{count} sheep are lost", 1) == "1 sheep is lost"
    assert trn("{count} sheep is lost", "{count} sheep are lost", 3, count="three") == "three sheep are lost"


def test_a_number_has_the_decimal_sign_of_the_language_and_its_thousands_together() -> None:
    assert [number(13.94, 1), number(6250.0, 0), number(110.0), number(11.5)] == ["13.9", "6250", "110", "11.5"]
    with speaking("de"):
        assert [number(13.94, 1), number(6250.0, 0), number(110.0), number(11.5)] == ["13,9", "6250", "110", "11,5"]


def test_braces_are_left_alone_where_there_are_no_values() -> None:
    assert tr("{n} s") == "{n} s"


def test_a_value_with_braces_is_not_read_as_a_field() -> None:
    use("de")
    assert tr("There is no signal “{text}”.", text="{near}") == "Es gibt keinen Messwert „{near}“."


def test_what_has_no_translation_is_said_in_english() -> None:
    use("de")
    assert tr("Nobody has translated this.") == "Nobody has translated this."


def test_a_language_that_is_not_shipped_is_refused_and_the_old_one_kept() -> None:
    use("de")
    with pytest.raises(ValueError, match="not one of en, de"):
        use("xx")
    with pytest.raises(ValueError, match="not one of en, de"), speaking("xx"):
        pass
    assert language.current() == "de"


def test_a_block_speaks_its_own_language_and_the_terminal_goes_on_in_its() -> None:
    with speaking("de"):
        assert tr("Off") == "Aus"
        with speaking("en"):
            assert tr("Off") == "Off"
        assert tr("Off") == "Aus"
    assert tr("Off") == "Off"


def test_a_block_ends_its_language_also_when_it_fails() -> None:
    with pytest.raises(RuntimeError), speaking("de"):
        raise RuntimeError
    assert language.current() == "en"


def test_another_thread_does_not_hear_a_block() -> None:
    heard: list[str] = []
    with speaking("de"):
        thread = threading.Thread(target=lambda: heard.append(tr("Off")))
        thread.start()
        thread.join(5.0)
    assert heard == ["Off"]


def test_two_phones_are_answered_each_in_its_own_language_at_the_same_time() -> None:
    async def answer(tongue: str, mine: asyncio.Event, other: asyncio.Event) -> str:
        with speaking(tongue):
            mine.set()
            await asyncio.wait_for(other.wait(), 5.0)
            return tr("Off")

    async def ask() -> list[str]:
        first, second = asyncio.Event(), asyncio.Event()
        return list(await asyncio.gather(answer("de", first, second), answer("en", second, first)))

    assert asyncio.run(ask()) == ["Aus", "Off"]
