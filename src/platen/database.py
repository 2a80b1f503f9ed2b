"""A database URL as Django's connection settings.

SQLite is set for durability (WAL, full sync) and for one writer at a time: transactions that write begin immediate, so
that two of them queue for the lock instead of failing half way.
"""

from __future__ import annotations

import errno
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from platen.settings import SettingsError

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-16000;"
    "PRAGMA mmap_size=268435456;"
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA temp_store=MEMORY;"
)
SQLITE_BUSY_TIMEOUT_S = 10
_DISK_FULL = ("database or disk is full", "disk i/o error", "no space left on device", "could not extend file")
"""What SQLite and PostgreSQL say; SQLite calls it an I/O error where a file beside the database cannot be made."""
_CAUSES_MAX = 20
_HOW = "Write sqlite:///path/of/the/file or postgresql://user:password@host/name."


def connection_settings(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a URL such as sqlite:///path or postgresql://user:password@host:port/name.

    Raises: SettingsError for a scheme other than sqlite and postgresql.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise SettingsError(f"PLATEN_DATABASE is no address of a database: {error}. {_HOW}") from error
    if parts.scheme == "sqlite":
        path = Path("/", unquote(parts.path).lstrip("/"))  # three slashes or, as some write it, four
        if parts.netloc or path.name == "":
            raise SettingsError(f"PLATEN_DATABASE names no file. {_HOW}")
        return {
            "ENGINE": "platen.sqlite",
            "NAME": str(path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": SQLITE_BUSY_TIMEOUT_S,
                "transaction_mode": "IMMEDIATE",
                "init_command": SQLITE_PRAGMAS,
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", "") or (parts.hostname or ""),
            "PORT": port,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5, **options},
        }
    # Not the whole of it in the message: there may be a password in it.
    raise SettingsError(f"PLATEN_DATABASE: {parts.scheme or 'what it says'!r} is not supported. {_HOW}")


def is_disk_full(error: BaseException | None) -> bool:
    """Whether this, or what it came of, says that nothing more can be stored: from the database or from a file."""
    for _ in range(_CAUSES_MAX):
        if error is None:
            return False
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        # Django's errors of a database, and those of its drivers, which are no errors of the system.
        if not isinstance(error, OSError) and any(each in str(error).casefold() for each in _DISK_FULL):
            return True
        error = error.__cause__ or error.__context__
    return False
