"""A client of the API: what a person's token lets them do, and the answers as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from platen.access.tokens import create_token
from platen.directory.models import Role, User
from platen.directory.services import create_user
from tests.fixtures_tenant import ADMIN

PREFIX = "/api/v1"


class Caller:
    """Sends requests with one person's token. Form tokens are enforced, as in a browser."""

    def __init__(self, user: User | None = None, host: str = "testserver") -> None:
        self.user = user
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME=host)
        self.headers: dict[str, str] = {}
        if user is not None:
            _row, secret = create_token(user, "test", by=ADMIN, now=datetime.now(UTC))
            self.headers["Authorization"] = f"Bearer {secret}"

    def ask(self, method: str, path: str, body: object = None, **query: object) -> HttpResponse:
        """Any request; the answer as it is."""
        arguments: dict[str, Any] = {"headers": self.headers}
        if query:
            arguments["query_params"] = query
        if body is not None:
            arguments |= {"data": json.dumps(body), "content_type": "application/json"}
        answer: HttpResponse = getattr(self.client, method.lower())(PREFIX + path, **arguments)
        return answer

    def ok(self, method: str, path: str, body: object = None, *, status: int = 200, **query: object) -> Any:
        """The answer's content; the test fails unless it has this status."""
        answer = self.ask(method, path, body, **query)
        assert answer.status_code == status, answer.content
        return json.loads(answer.content) if answer.content else None

    def refused(self, status: int, method: str, path: str, body: object = None, **query: object) -> dict[str, Any]:
        """The problem; the test fails unless the request is refused so, in a sentence."""
        answer = self.ask(method, path, body, **query)
        assert answer.status_code == status, answer.content
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem: dict[str, Any] = json.loads(answer.content)
        assert problem["status"] == status
        assert problem["detail"].endswith((".", "”."))
        return problem

    def all_pages(self, path: str, limit: int, **query: object) -> list[list[dict[str, Any]]]:
        """Every page of a list."""
        pages, after = [], None
        while True:
            more = {} if after is None else {"after": after}
            page = self.ok("GET", path, limit=limit, **more, **query)
            pages.append(page["items"])
            after = page["next"]
            if after is None:
                return pages


def of_role(role: Role, logon: str | None = None, host: str = "testserver") -> Caller:
    """A client for a new person of this role."""
    return Caller(create_user(logon or f"the-{role.value}", by=ADMIN, role=role), host)
