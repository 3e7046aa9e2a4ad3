"""Vehicle profiles: they come back as they were saved, and a damaged one is never lost silently."""

import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.diagnostics.alarm_rules import AlarmRule, RuleError, Severity
from core.diagnostics.files import NoticeKind, StorageNotice
from core.diagnostics.profiles import UNKNOWN_ID, ProfileError, ProfileStore, VehicleProfile, id_of, normal_vin

VIN = "1HGCM82633A004352"
REVS = AlarmRule("engine_speed", Severity.WARNING, above=5500.0, hysteresis=200.0)


def test_a_vehicle_comes_back_as_it_was_left(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    profile = store.for_vin(VIN)
    profile.name = "Großer Accord"
    profile.limits[REVS.id] = REVS
    profile.layout = {"gauges": [{"signal": "engine_speed", "x": 0, "dress": "dial"}], "version": 3}
    profile.supported = {"7E8": [0x04, 0x0C], "18DAF110": [0xA6]}
    profile.units = {"vehicle_speed": "mph"}
    store.save(profile)
    assert ProfileStore(tmp_path).for_vin(VIN) == profile
    assert ProfileStore(tmp_path).load(profile.id) == profile


@pytest.mark.parametrize("written", ["1hgcm82633a004352", " 1HGCM826 33A004352 \x00", "1HGCM-82633-A004352"])
def test_however_a_vin_is_written_it_is_the_same_vehicle(tmp_path: Path, written: str) -> None:
    store = ProfileStore(tmp_path)
    assert store.for_vin(written).id == store.for_vin(VIN).id == f"vin-{VIN}"
    assert store.for_vin(written).vin == VIN
    assert len(store.all()) == 1


@pytest.mark.parametrize("nothing", ["", "   ", "\x00" * 17, "0" * 17, "F" * 17, "-----"])
def test_a_car_without_a_vin_is_the_unknown_vehicle(tmp_path: Path, nothing: str) -> None:
    store = ProfileStore(tmp_path)
    assert store.for_vin(nothing) == store.default()
    assert store.default().id == UNKNOWN_ID
    assert store.default().title == "Unknown vehicle"


@given(st.text(max_size=60))
def test_any_text_for_a_vin_gives_a_safe_file_name(vin: str) -> None:
    assert id_of(vin).replace("-", "").isalnum()
    assert len(id_of(vin)) < 40
    assert id_of(normal_vin(vin)) == id_of(vin)


def test_long_numbers_that_begin_alike_are_two_vehicles() -> None:
    assert id_of(VIN + "A") != id_of(VIN + "B") != id_of(VIN)


def test_a_profile_that_is_not_there_is_said(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    for id in ("vin-NOBODY", "../../etc/passwd", ""):
        with pytest.raises(ProfileError):
            store.load(id)


def test_handed_out_profiles_are_copies(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.for_vin(VIN).layout["gauges"] = []
    assert store.for_vin(VIN).layout == {}


def test_a_limit_that_cannot_work_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    profile = store.for_vin(VIN)
    profile.limits["x"] = replace(REVS, hysteresis=-1.0)
    with pytest.raises(RuleError):
        store.save(profile)
    assert ProfileStore(tmp_path).for_vin(VIN).limits == {}


def test_a_layout_that_json_cannot_hold_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    profile = store.for_vin(VIN)
    for odd in (object(), float("nan")):
        profile.layout = {"odd": odd}
        with pytest.raises(ProfileError):
            store.save(profile)
    assert ProfileStore(tmp_path).for_vin(VIN).layout == {}


def test_none_in_a_file_is_the_default(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    path = tmp_path / "profiles" / f"{store.for_vin(VIN).id}.json"
    found = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(found | {"limits": {"engine_speed": None}, "layout": None, "units": None}), "utf-8")
    notices: list[StorageNotice] = []
    again = ProfileStore(tmp_path, on_notice=notices.append).for_vin(VIN)
    assert (again.limits, again.layout, again.units) == ({}, {}, {})
    assert notices == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[1, 2]", b"\xff\xfe\x00", b'"text"'])
def test_an_unreadable_file_is_kept_aside_and_said(tmp_path: Path, damage: bytes) -> None:
    id = ProfileStore(tmp_path).for_vin(VIN).id
    path = tmp_path / "profiles" / f"{id}.json"
    path.write_bytes(damage)
    notices: list[StorageNotice] = []
    store = ProfileStore(tmp_path, on_notice=notices.append)
    assert store.for_vin(VIN) == VehicleProfile(id, VIN)
    (notice,) = notices
    assert notice.kind is NoticeKind.DAMAGED
    assert notice.path.read_bytes() == damage
    assert ".damaged-" in notice.path.name
    assert str(notice.path) in notice.text
    store.save(store.for_vin(VIN))
    assert notice.path.read_bytes() == damage
    assert [profile.id for profile in ProfileStore(tmp_path).all()] == [id]


def test_of_a_partly_damaged_file_the_good_parts_are_used_and_the_whole_is_kept(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    profile = store.for_vin(VIN)
    profile.name = "Accord"
    store.save(profile)
    path = tmp_path / "profiles" / f"{profile.id}.json"
    found = json.loads(path.read_text("utf-8")) | {"limits": {"engine_speed": {"signal": "engine_speed"}}}
    path.write_text(json.dumps(found), "utf-8")
    notices: list[StorageNotice] = []
    again = ProfileStore(tmp_path, on_notice=notices.append).for_vin(VIN)
    assert (again.name, again.limits) == ("Accord", {})
    assert json.loads(notices[0].path.read_text("utf-8")) == found
    assert ProfileStore(tmp_path).for_vin(VIN).name == "Accord", "also after the next start"


def test_what_a_newer_version_wrote_is_not_lost_by_an_older_one(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    path = tmp_path / "profiles" / f"{store.for_vin(VIN).id}.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"tyres": {"front": 2.2}}), "utf-8")
    older = ProfileStore(tmp_path)
    older.change(f"vin-{VIN}", lambda profile: profile.units.update(vehicle_speed="mph"))
    assert json.loads(path.read_text("utf-8"))["tyres"] == {"front": 2.2}


def test_a_cut_in_the_middle_of_saving_leaves_the_old_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ProfileStore(tmp_path)
    profile = store.for_vin(VIN)
    profile.name = "before"
    store.save(profile)

    def no_space(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    profile.name = "after"
    with pytest.raises(ProfileError, match="No space left on device"):
        store.save(profile)
    monkeypatch.undo()
    assert ProfileStore(tmp_path).for_vin(VIN).name == "before"
    assert sorted(path.name for path in (tmp_path / "profiles").iterdir()) == [f"vin-{VIN}.json"]


def test_a_car_runs_also_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("a file in the way", "utf-8")
    assert ProfileStore(tmp_path).for_vin(VIN).vin == VIN


def test_supported_pids_are_remembered_per_control_unit(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    id = store.for_vin(VIN).id
    store.remember_supported(id, {"7E8": {0x0C, 0x04}})
    store.remember_supported(id, {"7E9": [0x05]})
    assert ProfileStore(tmp_path).load(id).supported == {"7E8": [0x04, 0x0C], "7E9": [0x05]}
    path = tmp_path / "profiles" / f"{id}.json"
    before = path.stat().st_ino
    store.remember_supported(id, {"7E8": [0x04, 0x0C]})
    assert path.stat().st_ino == before, "nothing new, nothing written"


def test_two_threads_changing_one_vehicle_both_get_their_way(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    id = store.for_vin(VIN).id

    def work(key: str) -> None:
        for n in range(20):
            store.change(id, lambda profile, n=n: profile.layout.update({f"{key}{n}": n}))  # type: ignore[misc]

    threads = [threading.Thread(target=work, args=(key,)) for key in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(ProfileStore(tmp_path).load(id).layout) == 40


jsonable = st.recursive(
    st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.text(st.characters(exclude_categories=["Cs"])),
    layout=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), jsonable, max_size=4),
    supported=st.dictionaries(st.sampled_from(["7E8", "7E9"]), st.lists(st.integers(0, 255), max_size=9)),
)
def test_whatever_is_saved_comes_back(
    tmp_path: Path, name: str, layout: dict[str, object], supported: dict[str, list[int]]
) -> None:
    profile = VehicleProfile("vin-PROPERTY", "PROPERTY", name, layout=layout, supported=supported)
    ProfileStore(tmp_path).save(profile)
    assert ProfileStore(tmp_path).load(profile.id) == profile


@pytest.mark.parametrize("damage", ["deep", "pipe"])
def test_a_file_that_would_break_or_hold_up_the_reader_is_kept_aside(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "profiles" / f"{UNKNOWN_ID}.json"
    path.parent.mkdir()
    if damage == "deep":
        path.write_text("[" * 100_000)
    elif hasattr(os, "mkfifo"):
        os.mkfifo(path)
    heard: list[StorageNotice] = []
    store = ProfileStore(tmp_path, on_notice=heard.append)
    assert store.default().id == UNKNOWN_ID
    assert ".damaged-" in heard[0].path.name or not hasattr(os, "mkfifo")
