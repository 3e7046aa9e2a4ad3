"""What a VIN tells, and what of it may be believed."""

import importlib.util

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound, Refused
from core.vehicles import vin_decoding
from core.vehicles.models import FUEL_TYPES, TRANSMISSIONS
from core.vehicles.vehicles import create_vehicle, get_vehicle
from core.vehicles.vin import has_check_digit
from core.vehicles.vin_decoding import decode_vin
from core.vehicles.vin_filling import fill_from_vin
from tests.core.people.desk import NOBODY, Desk

ACCORD = "1HGCM82633A004352"
needs_vpic = pytest.mark.skipif(
    importlib.util.find_spec("ultravin") is None, reason="ultravin has wheels for x86-64 only"
)


_module = vin_decoding._module


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(vin_decoding, "_module", lambda name: None if name in names else _module(name))


def checked(number: str) -> str:
    """The same number with the check digit that fits."""
    return next(whole for digit in "0123456789X" if has_check_digit(whole := number[:8] + digit + number[9:]))


@needs_vpic
def test_a_north_american_vin_tells_nearly_everything() -> None:
    found = decode_vin(" 1hgcm82633a004352")
    assert (found.vin, found.make, found.model, found.year) == (ACCORD, "Honda", "Accord", 2003)
    assert (found.fuel_type, found.transmission, found.vehicle_type) == ("petrol", "automatic", "car")
    assert (found.engine, found.cylinders, found.displacement_cc, found.doors) == ("J30A4", 6, 2999, 2)
    assert (found.plant, found.country, found.check_digit) == ("Marysville", "United States", True)
    assert found.remark == ""
    assert found.sources == ("vPIC", "vininfo")


def test_without_the_american_table_make_country_and_year_are_still_known(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ultravin")
    found = decode_vin(ACCORD)
    assert (found.make, found.model, found.country, found.sources) == ("Honda", None, "United States", ("vininfo",))
    assert found.year == 2003
    without(monkeypatch, "ultravin", "vininfo")
    assert decode_vin(ACCORD).make is None
    assert decode_vin(ACCORD).check_digit is True


def test_a_european_vin_tells_its_maker_and_nothing_that_is_a_guess() -> None:
    found = decode_vin("WDB2030461A123456")
    assert (found.make, found.country, found.model) == ("Mercedes-Benz", "Germany", None)
    assert found.year is None, "the 1 there is the steering wheel, not 2001"
    assert found.years == (2001,)
    assert (found.check_digit, found.remark) == (None, "")
    kia = decode_vin("KNADE223396123456")  # matches a pattern of the American table by chance
    assert (kia.make, kia.model, kia.fuel_type) == ("Kia", None, None)


def test_a_letter_that_came_back_after_thirty_years_means_both() -> None:
    found = decode_vin("WVWZZZAUZFP012345")
    assert (found.year, found.years) == (None, (2015, 1985))


@pytest.mark.parametrize(
    ("number", "year"),
    [
        ("1HGCM82633A004352", 2003),  # 2033 is not yet
        ("5YJ3E1EA8KF317000", 2019),  # a letter in the seventh place: not 1989
        ("1FTFW1157JKE00000", None),  # a digit: of 1988, or a heavy truck of 2018
    ],
)
def test_the_seventh_character_tells_the_decade_where_it_is_law(
    monkeypatch: pytest.MonkeyPatch, number: str, year: int | None
) -> None:
    without(monkeypatch, "ultravin")
    found = decode_vin(checked(number))
    assert (found.check_digit, found.year) == (True, year)


def test_a_wrong_check_digit_is_a_remark_and_takes_the_details_away() -> None:
    found = decode_vin("1HGCM82643A004352")
    assert (found.check_digit, found.model, found.year) == (False, None, None)
    assert found.make == "Honda"
    assert found.remark


@pytest.mark.parametrize("number", ["", "  ", "1HGCM82633A00435", "1HGCM82633A0043521", "1HGCM82633AO04352", "ß" * 17])
def test_what_cannot_be_a_vin_is_refused_in_words(number: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_vin(number)
    assert refused.value.problems[0].field == "vin"


@pytest.mark.parametrize("number", ["00000000000000000", "ZZZZZZZZZZZZZZZZZ", "99999999999999999", "A1B2C3D4E5F6G7H8J"])
def test_numbers_of_nobody_are_no_trouble(number: str) -> None:
    assert decode_vin(number).model is None


def test_our_words_for_fuels_and_gearboxes_are_those_of_the_profile() -> None:
    assert set(vin_decoding._FUELS.values()) <= set(FUEL_TYPES)
    assert set(vin_decoding._TRANSMISSIONS.values()) <= set(TRANSMISSIONS)
    assert vin_decoding._fuel("Electric", "PHEV (Plug-in Hybrid Electric Vehicle)") == "plug_in_hybrid"
    assert vin_decoding._fuel("Gasoline", "Strong HEV (Hybrid Electric Vehicle)") == "hybrid"
    assert vin_decoding._fuel("Gasoline", "Mild HEV (Hybrid Electric Vehicle)") == "petrol"
    assert vin_decoding._fuel("Electric", "BEV (Battery Electric Vehicle)") == "electric"


@needs_vpic
def test_a_vin_read_from_the_car_fills_only_what_is_empty(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1", "model": "Accord Coupé", "color": "red"}).id
    filled = desk.do(fill_from_vin, car, ACCORD)
    assert filled.vehicle == desk.see(get_vehicle, car)
    assert (filled.vehicle.vin, filled.vehicle.make, filled.vehicle.model) == (ACCORD, "Honda", "Accord Coupé")
    assert (filled.vehicle.year, filled.vehicle.fuel_type, filled.vehicle.color) == (2003, "petrol", "red")
    assert "model" not in filled.fields
    again = desk.do(fill_from_vin, car, ACCORD)
    assert again.fields == ()
    assert not desk.last, "nothing differed"


def test_a_model_is_not_filled_beside_another_make(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1", "make": "Acura"}).id
    assert desk.do(fill_from_vin, car, ACCORD).vehicle.model is None


def test_another_cars_vin_is_refused_and_nothing_is_written(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1", "vin": "WVWZZZ1JZXW000001"}).id
    assert set(desk.problems(fill_from_vin, car, ACCORD)) == {"vin"}
    assert set(desk.problems(fill_from_vin, car, "short")) == {"vin"}
    assert desk.see(get_vehicle, car).make is None
    with pytest.raises(NotFound):
        desk.do(fill_from_vin, NOBODY, ACCORD)
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(fill_from_vin, car, "WVWZZZ1JZXW000001")
    with pytest.raises(Denied):  # and is not told which VIN is written there
        desk.as_(Role.VIEWER).do(fill_from_vin, car, ACCORD)
