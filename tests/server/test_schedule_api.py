"""Appointments, bays, shifts and the schedule over HTTP."""

from typing import Any

import httpx
import icalendar
import pytest

from core.people.models import Staff
from core.people.roles import SYSTEM, Role
from core.people.staff import create_staff
from core.people.tokens import issue_token
from core.records.rows import assign, row_of
from core.sync.bay import Bay
from tests.server.test_records_api import UNKNOWN, problem_of

DAY = "2031-03-03"  # a Monday that no other test writes to
EIGHT, TEN, NOON = (f"{DAY}T{hour}:00:00Z" for hour in ("08", "10", "12"))


def made(api: httpx.Client, room: str, **fields: Any) -> dict[str, Any]:
    reply = api.post(f"/api/v1/{room}", json=fields)
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


@pytest.fixture(scope="session")
def technician(bay: Bay) -> str:
    """Somebody who does clutches, which nobody else does."""

    def work(session: Any) -> str:
        view = create_staff(session, SYSTEM, {"name": "Tom", "role": "technician"})
        assign(session, row_of(session, Staff, view.id), {"skills": "clutches"})
        return view.id

    return bay.records.change("system", work).value


@pytest.fixture
def shop(api: httpx.Client, technician: str) -> dict[str, str]:
    """A bay with a crane, and a shift on Mondays of that week."""
    crane = made(api, "work-bays", name="Bay 7", equipment="crane")["id"]
    shift = {"staff_id": technician, "weekday": 1, "starts": 480, "ends": 960, "since": DAY, "until": DAY}
    made(api, "shifts", **shift)
    return {"bay": crane, "staff": technician}


def order(api: httpx.Client, plate: str = "S-1") -> str:
    vehicle = made(api, "vehicles", plate=plate)["id"]
    return str(made(api, "repair-orders", vehicle_id=vehicle, complaint="Clutch slips")["id"])


def test_an_appointment_arrives_and_becomes_an_order(api: httpx.Client) -> None:
    vehicle = made(api, "vehicles", plate="S-2")["id"]
    booked = made(api, "appointments", vehicle_id=vehicle, starts_at=EIGHT, title="Clutch", notes="Smells")
    assert (booked["vehicle_plate"], booked["status"], booked["order_id"]) == ("S-2", "booked", None)
    place = f"/api/v1/appointments/{booked['id']}"
    here = api.post(f"{place}/arrive", json={"key_tag": "17"}).json()
    assert here["status"] == "arrived"
    found = api.get(f"/api/v1/repair-orders/{here['order_id']}").json()
    assert (found["status"], found["complaint"], found["key_tag"]) == ("arrived", "Clutch\nSmells", "17")
    assert api.post(f"{place}/arrive").json() == here, "twice changes nothing, and nothing need be sent"
    problem_of(api.post(f"{place}/arrive", json={"colour": "red"}), 422)
    problem_of(api.post(f"/api/v1/appointments/{UNKNOWN}/arrive"), 404)
    listed = api.get("/api/v1/appointments", params={"start": DAY, "end": DAY, "vehicle_id": vehicle}).json()
    assert [each["id"] for each in listed["items"]] == [booked["id"]]
    assert api.get("/api/v1/appointments", params={"start": "2031-03-04", "vehicle_id": vehicle}).json()["items"] == []


def test_the_day_is_shown_by_bay_and_by_technician_with_what_does_not_fit(
    api: httpx.Client, shop: dict[str, str]
) -> None:
    first, second = order(api, "S-3"), order(api, "S-4")
    one = made(api, "allocations", order_id=first, bay_id=shop["bay"], starts_at=EIGHT, ends_at=NOON)["id"]
    other = made(api, "allocations", order_id=second, bay_id=shop["bay"], starts_at=TEN, ends_at=NOON)["id"]
    seen = api.get("/api/v1/schedule", params={"start": DAY, "end": DAY}).json()
    row = next(each for each in seen["rows"] if each["id"] == shop["bay"])
    assert [each["id"] for each in row["blocks"]] == [one, other]
    [conflict] = row["blocks"][0]["conflicts"]
    assert conflict == {"kind": "bay", "name": "Bay 7", "missing": "", "others": [other], "words": "Booked twice"}
    assert seen["conflicts"] == 2
    assert row["blocks"][1]["job"]["plate"] == "S-4"
    by = api.get("/api/v1/schedule", params={"start": DAY, "by": "technician"}).json()
    assert shop["staff"] in [each["id"] for each in by["rows"]]
    assert problem_of(api.get("/api/v1/schedule?by=colour"), 422)["errors"][0]["field"] == "by"
    assert problem_of(api.get("/api/v1/schedule?start=monday"), 422)["errors"][0]["field"] == "start"
    assert problem_of(api.get("/api/v1/schedule?start=2031-03-03&end=2032-03-03"), 422)["errors"][0]["field"] == "end"
    for block in (one, other):
        assert api.delete(f"/api/v1/allocations/{block}").status_code == 204


def test_the_next_free_time_is_found_and_booked_once(api: httpx.Client, shop: dict[str, str]) -> None:
    asked: dict[str, Any] = {
        "minutes": 120,
        "skills": "clutches",
        "equipment": "crane",
        "after": DAY,
        "before": DAY,
        "count": 2,
    }
    found = api.get("/api/v1/schedule/next-free", params=asked).json()
    slot = found["slots"][0]
    assert (slot["bay"], slot["staff"], len(found["slots"])) == ("Bay 7", "Tom", 2)
    fields = {
        "title": "Clutch",
        "starts_at": slot["start"],
        "minutes": 120,
        "bay_id": slot["bay_id"],
        "staff_id": slot["staff_id"],
    }
    key = {"Idempotency-Key": "booked-once"}
    replies = [api.post("/api/v1/schedule/bookings", json=fields, headers=key) for _ in range(2)]
    assert [each.status_code for each in replies] == [201, 201]
    assert replies[0].json() == replies[1].json()
    after = api.get("/api/v1/schedule/next-free", params=asked).json()["slots"]
    assert after[0]["start"] == slot["start"] + 2 * 3_600_000
    why = api.get("/api/v1/schedule/next-free", params={"minutes": 60, "skills": "magic"}).json()
    assert (why["slots"], "magic" in why["why"]) == ([], True)
    assert problem_of(api.get("/api/v1/schedule/next-free?minutes=0"), 422)["errors"][0]["field"] == "minutes"


def test_one_persons_schedule_and_their_calendar(api: httpx.Client, shop: dict[str, str]) -> None:
    times = {"starts_at": "2031-03-10T08:00:00Z", "ends_at": "2031-03-10T10:00:00Z"}
    block = made(api, "allocations", order_id=order(api, "S-5"), staff_id=shop["staff"], **times)["id"]
    place = f"/api/v1/technicians/{shop['staff']}/schedule"
    mine = api.get(place, params={"start": "2031-03-10", "end": "2031-03-10"}).json()
    assert [each["id"] for each in mine["blocks"]] == [block]
    assert (mine["name"], mine["orders"], mine["planned"]) == ("Tom", 1, 7_200_000)
    file = api.get(f"{place}.ics", params={"start": "2031-03-10"})
    assert file.headers["content-type"].startswith("text/calendar")
    [event] = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert str(event["uid"]) == f"{block}@bayline"
    problem_of(api.get(f"/api/v1/technicians/{UNKNOWN}/schedule"), 404)
    problem_of(api.get(f"/api/v1/technicians/{UNKNOWN}/schedule.ics"), 404)


def test_hours_left_by_skill_and_equipment(api: httpx.Client, shop: dict[str, str]) -> None:
    absence = {"staff_id": shop["staff"], "starts_at": "2031-03-03T14:00:00Z", "ends_at": "2031-03-04T00:00:00Z"}
    away = made(api, "absences", kind="training", **absence)["id"]
    [day] = api.get("/api/v1/schedule/capacity", params={"start": DAY, "end": DAY}).json()["days"]
    assert day["day"] == DAY
    assert day["skills"]["clutches"]["away"] > 0
    assert "crane" in day["equipment"]
    assert api.delete(f"/api/v1/absences/{away}").status_code == 204


@pytest.mark.parametrize(
    "path",
    ["/api/v1/schedule", "/api/v1/schedule/capacity", "/api/v1/schedule/next-free?minutes=60", "/api/v1/appointments",
     "/api/v1/work-bays", "/api/v1/shifts", "/api/v1/absences", "/api/v1/allocations"],
)  # fmt: skip
def test_everybody_who_works_here_reads_the_plan_and_the_desk_writes_it(
    api: httpx.Client, bay: Bay, shop: dict[str, str], path: str
) -> None:
    def as_(role: Role) -> dict[str, str]:
        return {"Authorization": f"Bearer {issue_token(bay.records, SYSTEM, role.value, f'a {role}')}"}

    viewer, device = as_(Role.VIEWER), as_(Role.DEVICE)
    assert api.get(path, headers=viewer).status_code == 200
    problem_of(api.get(path, headers=device), 403)
    problem_of(api.post("/api/v1/appointments", json={"title": "x", "starts_at": EIGHT}, headers=viewer), 403)
    problem_of(api.post("/api/v1/work-bays", json={"name": "x"}, headers=as_(Role.ADVISER)), 403)
    assert httpx.get(f"{api.base_url}{path}", trust_env=False).status_code == 401


@pytest.mark.parametrize(
    "asked",
    [
        "schedule?start=253402300798000",
        "schedule?start=0001-01-01&end=0001-01-02",
        "schedule/capacity?start=253402300798000",
        "schedule/next-free?minutes=60&after=253402300798000",
        "figures/technicians/x?start=9999-12-30&end=9999-12-31",
        "figures/technicians/x?start=9223372036854775000&end=9223372036854775800",
    ],
)
def test_days_beyond_every_calendar_are_refused(api: httpx.Client, asked: str) -> None:
    assert api.get(f"/api/v1/{asked}").status_code == 422
