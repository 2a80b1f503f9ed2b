"""Verbs on charging schemes and usage records."""

from __future__ import annotations

from platen.tracking.export import export_csv, export_xml
from platen.tracking.quotes import Quote, quote, quote_jobs
from platen.tracking.recording import complete_from_facts, record_delivery
from platen.tracking.schemes import (
    assign,
    change_scheme,
    delete_scheme,
    set_default_schemes,
    set_scheme,
)

__all__ = [
    "Quote",
    "assign",
    "change_scheme",
    "complete_from_facts",
    "delete_scheme",
    "export_csv",
    "export_xml",
    "quote",
    "quote_jobs",
    "record_delivery",
    "set_default_schemes",
    "set_scheme",
]
