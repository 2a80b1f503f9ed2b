"""A database URL as Django's connection settings.

SQLite is set for durability (WAL, full sync) and for one writer at a time: transactions that write begin immediate, so
that two of them queue for the lock instead of failing half way.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

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


def connection_settings(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a URL such as sqlite:///path or postgresql://user:password@host:port/name.

    Raises: SettingsError for a scheme other than sqlite and postgresql.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path))
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": SQLITE_BUSY_TIMEOUT_S,
                "transaction_mode": "IMMEDIATE",
                "init_command": SQLITE_PRAGMAS,
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", "") or (parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5, **options},
        }
    raise SettingsError(
        f"PLATEN_DATABASE: {parts.scheme or url!r} is not supported. Write sqlite:///path or postgresql://user:password@host/name."
    )
