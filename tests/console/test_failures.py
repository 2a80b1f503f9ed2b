"""What a person is told when the server itself fails."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, OperationalError
from django.test import Client

from platen.database import is_disk_full
from platen.directory.models import Role, User
from tests.console.conftest import PASSWORD


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ("database or disk is full", 503, "makes room there"),
        ("disk I/O error", 503, "makes room there"),
        ("database is locked", 500, "Something went wrong"),
    ],
)
def test_signing_in_on_a_full_disk(
    people: dict[Role, User], monkeypatch: pytest.MonkeyPatch, said: str, status: int, words: str
) -> None:
    """The page says that the disk is full and what to do; of other faults it does not say so."""

    def save(*_: Any, **__: Any) -> None:
        raise OperationalError(said)

    monkeypatch.setattr(SessionStore, "save", save)
    client = Client(raise_request_exception=False)
    answer = client.post("/console/sign-in/", {"logon": "the-user", "password": PASSWORD})
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_whether_a_disk_is_full() -> None:
    """By what a file or a database said, also where another error was raised for it."""
    assert is_disk_full(OSError(errno.ENOSPC, "No space left on device", "x"))
    assert is_disk_full(DatabaseError('could not extend file "base/1": No space left on device'))
    wrapped = RuntimeError("not stored")
    wrapped.__cause__ = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert is_disk_full(wrapped)
    circular = RuntimeError("round")
    circular.__context__ = wrapped
    wrapped.__cause__ = circular
    assert not is_disk_full(circular)
    assert not is_disk_full(OSError(errno.ENOENT, "database or disk is full"))
    assert not is_disk_full(None)
