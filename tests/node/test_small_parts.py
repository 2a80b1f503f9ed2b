"""Identifiers, logs and the router."""

from __future__ import annotations

import io
import json
import logging
import sys
import time
import uuid
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import structlog

from platen.asgi import Router
from platen.identifiers import uuid7
from platen.logs import hide_secrets, set_up_logs


class TestIdentifiers:
    """UUIDv7, RFC 9562 section 5.7."""

    def test_they_are_of_their_version_and_moment(self) -> None:
        """An identifier says its version, its variant and the millisecond in which it was made."""
        before = time.time_ns() // 1_000_000
        made = uuid7()
        after = time.time_ns() // 1_000_000
        assert made.version == 7
        assert made.variant == uuid.RFC_4122
        assert before <= made.int >> 80 <= after

    def test_no_two_are_alike(self) -> None:
        """Many in one moment are all different."""
        assert len({uuid7() for _ in range(10_000)}) == 10_000


class TestLogs:
    """Structured logs."""

    @pytest.fixture
    def written(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
        root, kept = logging.getLogger(), structlog.get_config()
        handlers, level = root.handlers[:], root.level
        output = io.StringIO()
        monkeypatch.setattr(sys, "stderr", output)
        try:
            set_up_logs("info", as_json=True)
            yield output
        finally:
            root.handlers = handlers
            root.setLevel(level)
            structlog.configure(**kept)

    def test_one_line_of_json_an_act(self, written: io.StringIO) -> None:
        """An act is one line with a constant event and named fields, whoever logs it; below the level it is none."""
        log = structlog.get_logger("platen.test")
        log.info("job_released", job_id=7)
        log.debug("not_wanted")
        logging.getLogger("library").warning("it says %s", "so")
        first, second = [json.loads(line) for line in written.getvalue().splitlines()]
        assert (first["event"], first["job_id"], first["level"]) == ("job_released", 7, "info")
        assert (second["event"], second["logger"]) == ("it says so", "library")

    @pytest.mark.parametrize(
        "name", ["password", "pin", "user_pin", "puk", "card_number", "api_token", "authorization"]
    )
    def test_secrets_are_blanked(self, name: str) -> None:
        """A field whose name says that it holds a secret never shows it."""
        assert hide_secrets(None, "", {name: "4829", "event": "x"}) == {name: "***", "event": "x"}

    def test_other_fields_stay(self) -> None:
        """Fields that merely contain such a word are left as they are."""
        assert hide_secrets(None, "", {"spinning": 1, "pinned": 2}) == {"spinning": 1, "pinned": 2}


class TestRouter:
    """One port, several applications."""

    async def ask(self, path: str, *, client: str = "127.0.0.1", headers: Any = (), **given: Any) -> tuple[int, bytes]:
        """The status and body that a path gets."""
        sent: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request"}

        async def ready() -> str | None:
            return None

        router = Router(**{"ipp": None, "web": None, "ready": ready, **given})
        scope = {"type": "http", "method": "GET", "path": path, "client": (client, 1), "headers": list(headers)}
        await router(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]

    async def named(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the application"})

    async def test_health_is_answered_by_itself(self) -> None:
        """/healthz answers as long as the process runs; /readyz says what is missing."""

        async def missing() -> str | None:
            return "The database does not answer."

        assert await self.ask("/healthz") == (200, b"ok\n")
        assert await self.ask("/readyz") == (200, b"ready\n")
        assert await self.ask("/readyz", ready=missing) == (503, b"The database does not answer.\n")

    async def test_print_clients_and_browsers_get_their_own(self) -> None:
        """/ipp/ belongs to print clients, the rest to pages; what a node does not run is not found."""
        assert await self.ask("/ipp/print", ipp=self.named) == (200, b"the application")
        assert await self.ask("/people/", web=self.named) == (200, b"the application")
        assert (await self.ask("/people/", ipp=self.named))[0] == 404
        assert (await self.ask("/ipp/print"))[0] == 404

    async def test_metrics_are_for_this_machine(self) -> None:
        """Figures are told to a collector on this machine and to nobody else."""
        status, body = await self.ask("/metrics")
        assert status == 200
        assert b"# HELP" in body
        assert (await self.ask("/metrics", client="192.0.2.9"))[0] == 403
        assert (await self.ask("/metrics", client="::1"))[0] == 200

    @pytest.mark.parametrize("name", [b"x-forwarded-for", b"forwarded", b"via", b"x-real-ip"])
    async def test_metrics_are_not_passed_on(self, name: bytes) -> None:
        """A proxy on this machine, trusted or not, gets no figures for whoever is behind it."""
        assert (await self.ask("/metrics", headers=[(name, b"192.0.2.9")]))[0] == 403
        assert (await self.ask("/metrics", client="unknown"))[0] == 403
