"""Sends the notices that wait, mail and webhooks, a few at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from django.db import DatabaseError
from django.utils import timezone

from platen.fleet.errors import FleetError
from platen.fleet.mail import keep_refresh_token, mail_secrets, mail_server
from platen.fleet.models import Channel, MailServer, Notice
from platen.fleet.outbox import due_notices, not_sent, sent, take
from platen.fleet.telling_once import TOLD, mail_of
from platen.fleet.webhooks import webhook_secrets
from platen.services.database import Database
from platen.services.fleet.hooks import call
from platen.services.fleet.mail_tokens import AccessTokens
from platen.services.fleet.mailing import NotSent, Server, message_of, send_mail

log = structlog.get_logger("platen.notices")

INTERVAL_S = 5.0
AT_ONCE = 8


class NoticeSender:
    """Looks every few seconds for what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tokens = AccessTokens()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="notices")

    async def stop(self) -> None:
        """What is being sent may go out again at the next start, with the same Message-ID or key."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def send_due(self) -> int:
        """Everything whose time has come. Returns: how many were tried."""
        due = await self._database.run_for_node(due_notices, timezone.now())
        for start in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self.send(tenant_id, key) for tenant_id, key in due[start : start + AT_ONCE]))
        return len(due)

    async def _run(self) -> None:
        while True:
            try:
                if await self.send_due():
                    continue
            except DatabaseError as error:  # the next look tries again
                log.warning("notices_failed", error=str(error))
            except Exception:  # one bad look must not be the last one
                log.exception("notices_fault")
            await asyncio.sleep(INTERVAL_S)

    async def send(self, tenant_id: int, key: int) -> int | None:
        """Try one now that is due and that nobody else sends; what came of it stands at its row.

        Returns: the status that a webhook accepted it with.
        """
        notice = await self._database.run(tenant_id, take, key, timezone.now())
        if notice is None:
            return None
        status = None
        try:
            if notice.channel == Channel.WEBHOOK:
                status = await self._call(tenant_id, notice)
            else:
                await self._mail(tenant_id, notice)
        except NotSent as error:
            failed, for_good = str(error), error.for_good
            await self._database.run(tenant_id, lambda: not_sent(notice, failed, timezone.now(), for_good=for_good))
        except Exception as error:  # what nobody foresaw is a reason too, rather than a notice that waits without one
            log.exception("notice_fault", notice=key)
            unforeseen = f"It could not be sent for a reason that nobody foresaw: {type(error).__name__}."
            await self._database.run(tenant_id, not_sent, notice, unforeseen, timezone.now())
        else:
            await self._database.run(tenant_id, sent, notice, timezone.now())
        return status

    async def _call(self, tenant_id: int, notice: Notice) -> int:
        hook = notice.webhook
        if hook is None or not hook.enabled:
            raise NotSent("The webhook is gone or switched off.", for_good=True)
        secret, token = await self._database.run(tenant_id, _opened, webhook_secrets, hook)
        payload = {name: value for name, value in notice.payload.items() if name not in {"mail", TOLD}}
        key = f"{notice.pk}-{notice.event_key}"
        return await asyncio.to_thread(call, hook.url, secret, hook.proxy, payload, key=key, token=token)

    async def _mail(self, tenant_id: int, notice: Notice) -> None:
        async with self._tokens.lock(tenant_id):
            server = await self._database.run(tenant_id, _opened, _server, None)
            if server is None:
                raise NotSent("No mail server is set. Set one under Notices, Mail server.")
            server = await self._tokens.signing(
                tenant_id, server, lambda *tokens: self._database.run(tenant_id, keep_refresh_token, *tokens)
            )
        host = server.sender.rpartition("@")[2]
        message = message_of(mail_of(notice), server.sender, f"<notice-{tenant_id}-{notice.pk}@{host}>")
        try:
            await asyncio.to_thread(send_mail, server, message)
        except NotSent:
            self._tokens.forget(tenant_id)
            raise


def _opened(read: Any, of: Any) -> Any:
    """A secret that cannot be opened is a reason like any other. Raises: NotSent."""
    try:
        return read(of)
    except FleetError as error:
        raise NotSent(str(error)) from error


def _server(_of: None) -> Server | None:
    stored = mail_server()
    return None if stored is None else server_of(stored)


def server_of(stored: MailServer) -> Server:
    """With its secrets opened. Raises: FleetError."""
    return Server(
        host=stored.host,
        port=stored.port,
        security=stored.security,
        verify=stored.verify,
        sender=stored.sender,
        user=stored.user,
        method=stored.method,
        token_url=stored.token_url,
        client_id=stored.client_id,
        scope=stored.scope,
        secrets=mail_secrets(stored),
    )
