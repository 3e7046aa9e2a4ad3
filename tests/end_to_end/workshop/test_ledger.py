"""The proof itself can fail: what is missing, shown wrongly or different is told."""

from typing import Any

from tests.end_to_end.workshop.ledger import READINGS, VEHICLES, Ledger, differences

CAR = "car"


def entry(table: str, row: str, **fields: Any) -> dict[str, Any]:
    return {"rows": [{"table": table, "id": row, "fields": fields}]}


def test_what_was_kept_and_is_in_no_log_is_lost() -> None:
    ledger = Ledger()
    ledger.note("Anna", VEHICLES, CAR, {"color": "red", "make": "Opel"}, kept=True)
    ledger.note("Anna", READINGS, CAR, {"value": 7}, kept=True)
    ledger.note("Anna", VEHICLES, CAR, {"color": "blue"}, kept=False)
    reading = entry(READINGS, "reading", vehicle_id=CAR, value=7)

    assert not ledger.lost([entry(VEHICLES, CAR, color="red", make="Opel"), reading])
    (lost,) = ledger.lost([entry(VEHICLES, CAR, color="red"), reading])
    assert lost.value == "Opel"
    assert [each.value for each in ledger.lost([entry(VEHICLES, CAR, color="red", make="Opel")])] == [7]


def test_only_what_somebody_wrote_last_may_be_shown() -> None:
    ledger = Ledger()
    ledger.note("Anna", VEHICLES, CAR, {"color": "red"}, kept=True)
    ledger.note("Anna", VEHICLES, CAR, {"color": "blue"}, kept=True)
    ledger.note("Ben", VEHICLES, CAR, {"color": "green"}, kept=True)
    ledger.note("Ben", VEHICLES, CAR, {"color": "black"}, kept=False)  # killed: may be there or not
    shown = (VEHICLES, CAR, "color")

    assert all(not ledger.unexplained({shown: color}) for color in ("blue", "green", "black"))
    assert all(ledger.unexplained({shown: color}) for color in ("red", None, "white"))


def test_terminals_that_differ_are_told_apart() -> None:
    def report(digest: str, seq: int, chain: str = "ok") -> dict[str, Any]:
        tables = {"vehicles": {"rows": 1, "digest": digest}}
        return {"integrity": "ok", "chain": chain, "tables": tables, "vector": {"a": {"shop": seq}},
                "files": {"count": 0, "missing": 0, "corrupt": 0}}  # fmt: skip

    assert not differences({"Bay 1": report("aa", 1), "Bay 2": report("aa", 1)})
    (rows,) = differences({"Bay 1": report("aa", 1), "Bay 2": report("bb", 1)})
    assert "vehicles" in rows
    (seen,) = differences({"Bay 1": report("aa", 1), "Bay 2": report("aa", 2)})
    assert "vector" in seen
    (broken,) = differences({"Bay 1": report("aa", 1), "Bay 2": report("aa", 1, "broken at 7")})
    assert "broken at 7" in broken
