"""Access tokens for mail: kept while they are good, and refresh tokens that are good for one use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platen.services.fleet import mail_tokens
from platen.services.fleet.mail_tokens import AccessTokens, Granted
from platen.services.fleet.mailing import Server

SERVER = Server(
    host="mail.example",
    port=587,
    security="starttls",
    verify=True,
    sender="p@example.org",
    user="p@example.org",
    method="oauth2",
    token_url="https://login.example/token",
    client_id="platen",
    secrets={"refresh_token": "first"},
)


class Grants:
    """Gives a token for each refresh token, and the next refresh token with it; keeps what is stored."""

    def __init__(self, expires_in_s: float) -> None:
        self.expires_in_s = expires_in_s
        self.asked: list[str] = []
        self.stored = SERVER

    def __call__(self, server: Server) -> Granted:
        self.asked.append(server.secrets["refresh_token"])
        return Granted(f"token-{len(self.asked)}", self.expires_in_s, f"refresh-{len(self.asked)}")

    async def rotated(self, before: str, after: str) -> None:
        assert self.stored.secrets["refresh_token"] == before
        self.stored = replace(self.stored, secrets={"refresh_token": after})


@pytest.mark.parametrize(("expires_in_s", "asked"), [(3600.0, 2), (0.0, 4)])
async def test_a_token_is_kept_until_shortly_before_its_end(
    monkeypatch: pytest.MonkeyPatch, expires_in_s: float, asked: int
) -> None:
    """Where the server says when it ends; each new refresh token takes the place of the one before."""
    grants, now = Grants(expires_in_s), 0.0
    monkeypatch.setattr(mail_tokens, "granted_by", grants)
    tokens = AccessTokens(clock=lambda: now)
    used = []
    for now in (0.0, 1.0, 3500.0, 3550.0):  # noqa: B007  # the clock reads it
        used.append((await tokens.signing(1, grants.stored, grants.rotated)).secrets["access_token"])
    assert len(grants.asked) == asked
    assert used[0] == "token-1"
    assert used[-1] == f"token-{asked}"
    assert grants.asked == ["first", "refresh-1", "refresh-2", "refresh-3"][:asked]
    assert grants.stored.secrets["refresh_token"] == f"refresh-{asked}"


async def test_other_settings_want_another_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """So does another organisation, and a mail that was not sent; a password wants none."""
    grants = Grants(3600.0)
    monkeypatch.setattr(mail_tokens, "granted_by", grants)
    tokens = AccessTokens()
    await tokens.signing(1, grants.stored, grants.rotated)
    await tokens.signing(1, replace(grants.stored, user="q@example.org"), grants.rotated)
    await tokens.signing(2, grants.stored, grants.rotated)
    assert len(grants.asked) == 3
    await tokens.signing(2, grants.stored, grants.rotated)
    assert len(grants.asked) == 3
    tokens.forget(2)
    await tokens.signing(2, grants.stored, grants.rotated)
    plain = replace(SERVER, method="password")
    assert await tokens.signing(1, plain, grants.rotated) is plain
    assert len(grants.asked) == 4
