"""Tokens: shown once, known by their digest, refused when revoked."""

import base64

import pytest

from core.people.models import AccessToken
from core.people.roles import SYSTEM, Denied, Role
from core.people.tokens import create_token, get_token, issue_token, list_tokens, revoke_token, token_actor
from core.records.input import Refused
from tests.core.people.desk import Desk, meet, somebody


def test_a_secret_is_long_url_safe_and_says_who_it_is(desk: Desk) -> None:
    secret = issue_token(desk.records, SYSTEM, "technician", "Tablet at bay 2")
    assert len(base64.urlsafe_b64decode(secret + "=")) * 8 >= 256
    actor = desk.see(token_actor, secret)
    assert actor is not None
    assert (actor.kind, actor.name, actor.role) == ("token", "Tablet at bay 2", Role.TECHNICIAN)
    assert secret != issue_token(desk.records, SYSTEM, "technician", "Tablet at bay 2")


def test_only_a_digest_of_the_secret_is_kept(desk: Desk) -> None:
    secret = issue_token(desk.records, SYSTEM, "owner", "Script")
    with desk.records.read() as session:
        row = session.query(AccessToken).one()
        assert secret not in "".join(str(value) for value in vars(row).values())
        log = session.connection().exec_driver_sql("SELECT operations FROM transactions").scalars().all()
    assert not any(secret in each for each in log)


def test_what_was_never_given_out_opens_nothing(desk: Desk) -> None:
    secret = issue_token(desk.records, SYSTEM, "owner", "Script")
    for wrong in ("", secret[:-1], secret + "A", secret.swapcase(), "\udc00", "ü"):
        assert desk.see(token_actor, wrong) is None


def test_a_revoked_token_opens_nothing_wherever_it_is_heard(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    token, secret = here.do(create_token, "viewer", "Wall")
    meet(here, there)
    assert there.see(token_actor, secret) is not None
    revoked = here.do(revoke_token, token.id)
    assert here.see(token_actor, secret) is None
    meet(here, there)
    assert there.see(token_actor, secret) is None
    assert here.do(revoke_token, token.id).revoked_at == revoked.revoked_at
    assert there.see(get_token, token.id) == revoked
    assert there.see(list_tokens).items == (revoked,)


def test_nobody_gives_out_more_than_they_may(desk: Desk) -> None:
    with pytest.raises(Denied):
        issue_token(desk.records, somebody(Role.ADVISER), "viewer", "Wall")
    with pytest.raises(Denied):
        issue_token(desk.records, somebody(Role.MANAGER), "owner", "Mine")
    with pytest.raises(Refused) as refused:
        issue_token(desk.records, SYSTEM, "emperor", "")
    assert {field for field, _ in refused.value.problems} == {"role", "name"}
    assert desk.see(list_tokens).items == ()
