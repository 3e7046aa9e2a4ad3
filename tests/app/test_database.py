"""The address of another database is taken as it is, or refused in words that never show its password."""

import pytest

from app.database import VARIABLE, chosen_database
from app.failure import BadArgument


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://bayline:secret@db.local:5432/garage",
        "postgresql://bayline@db.local/garage",
        "postgresql+psycopg:///garage?host=/run/postgresql",
        "sqlite:////var/lib/bayline/records.db",
        "sqlite+pysqlite:////var/lib/bayline/records.db",
    ],
)
def test_postgresql_and_sqlite_are_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f" {url}\n")
    assert chosen_database() == url


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_without_it_the_records_are_in_the_data_folder(nothing: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if nothing is not None:
        monkeypatch.setenv(VARIABLE, nothing)
    assert chosen_database() is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not the address of a database"),
        ("postgresql+psycopg://u:secret@host:port/garage", "is not the address of a database"),
        ("mysql://u:secret@host/garage", "a database Bayline cannot use"),
        ("postgresql+psycopg2://u:secret@host/garage", "postgresql[+]psycopg://"),
        ("postgresql+nonsense://u:secret@host/garage", "a driver Bayline does not have"),
        ("postgresql+psycopg://u:secret@host", "does not name a database"),
        ("sqlite://", "does not name a database"),
        ("sqlite:///:memory:", "does not name a database"),
        ("sqlite:///records.db", "four slashes"),
    ],
)
def test_anything_else_is_refused_in_words(url: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(BadArgument, match=words) as refused:
        chosen_database()
    assert VARIABLE in str(refused.value)
    assert "secret" not in str(refused.value)
