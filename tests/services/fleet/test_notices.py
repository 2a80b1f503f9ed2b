"""The sender of notices, and what becomes of those that cannot be sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.utils import timezone

from platen.fleet.mail import MailValues, mail_secrets, set_mail_server
from platen.fleet.models import Channel, MailServer, Notice
from platen.fleet.webhooks import set_webhook
from platen.services.database import Database
from platen.services.fleet import mail_tokens, notices
from platen.services.fleet.mail_tokens import Granted
from platen.services.fleet.mailing import Server
from platen.services.fleet.notices import NoticeSender
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tenants.services import create_tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def connections_end() -> AsyncIterator[None]:
    """The thread that `sync_to_async` keeps lets go of the test's database, which is dropped in the end."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    """An organisation whose rows other threads see."""
    return create_tenant("Acme", "acme", is_default=True)


async def test_what_nobody_foresaw_is_a_reason(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice that meets a fault of our own is put off with a reason, and does not keep others from being sent."""
    told: list[str] = []

    def call(url: str, *_more: Any, **_named: Any) -> None:
        if "broken" in url:
            raise RuntimeError("secret of https://me:word@broken.example")
        told.append(url)

    monkeypatch.setattr(notices, "call", call)

    def put() -> None:
        with acting_for(tenant.pk):
            for name in ("broken", "whole"):
                hook = set_webhook(name, f"https://{name}.example/", by=ADMIN)
                Notice(channel=Channel.WEBHOOK, webhook=hook, event_key=name).save()

    def kept() -> list[Notice]:
        with acting_for(tenant.pk):
            return list(Notice.objects.order_by("event_key"))

    await sync_to_async(put)()
    database = Database()
    try:
        assert await NoticeSender(database).send_due() == 2
    finally:
        database.close()
    broken, whole = await sync_to_async(kept)()
    assert told == ["https://whole.example/"]
    assert whole.sent_at is not None
    assert (broken.sent_at, broken.failed_at, broken.tries) == (None, None, 1)
    assert broken.due_at > timezone.now()
    assert broken.error == "It could not be sent for a reason that nobody foresaw: RuntimeError."


async def test_a_refresh_token_that_is_good_once(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of mails that are sent at once one asks for a token; the refresh token that came with it is stored, sealed."""
    asked, used = [], []

    def granted(server: Server) -> Granted:
        asked.append(server.secrets["refresh_token"])
        return Granted("good-for-an-hour", 3600.0, "the-next-one")

    def send(server: Server, _message: object) -> None:
        used.append(server.secrets["access_token"])

    monkeypatch.setattr(mail_tokens, "granted_by", granted)
    monkeypatch.setattr(notices, "send_mail", send)
    values = {"host": "mail.example", "sender": "p@example.org", "user": "p", "method": "oauth2", "client_id": "c"}

    def put() -> None:
        with acting_for(tenant.pk):
            set_mail_server(
                MailValues(**values, token_url="https://login.example/", refresh_token="the-first-one"), by=ADMIN
            )
            for key in ("one", "two", "three"):
                Notice(channel=Channel.MAIL, event_key=key, payload={"mail": {"to": ["d@example.org"]}}).save()

    def stored() -> tuple[bytes, dict[str, str]]:
        with acting_for(tenant.pk):
            server = MailServer.objects.get()
            return bytes(server.secret or b""), mail_secrets(server)

    await sync_to_async(put)()
    database = Database()
    try:
        assert await NoticeSender(database).send_due() == 3
    finally:
        database.close()
    octets, secrets = await sync_to_async(stored)()
    assert (asked, used) == (["the-first-one"], ["good-for-an-hour"] * 3)
    assert secrets == {"refresh_token": "the-next-one"}
    assert b"the-next-one" not in octets
