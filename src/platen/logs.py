"""Structured logs: a constant event name and named fields, one line an act, on standard error."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_NAMES = ("password", "pin", "puk", "token", "secret", "card_number", "id_code", "authorization")


def set_up_logs(level: str = "info", *, as_json: bool = False) -> None:
    """Configure structlog and the standard library's logging to write alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
        structlog.processors.format_exc_info,
    ]
    render: Any = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if as_json:
        render = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn", "uvicorn.error", "zeroconf", "asyncio", "django.request"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    # A host name that is none is the client's mistake and answered as such; anybody could fill the log with traces.
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank fields whose name says that they hold a secret, should one ever be logged."""
    for name in event:
        if any(name == secret or name.endswith("_" + secret) for secret in _SECRET_NAMES):
            event[name] = "***"
    return event
