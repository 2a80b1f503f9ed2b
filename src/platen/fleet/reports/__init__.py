"""Reports of the fleet: asked for as a `Wish`, made as a `Report`, a table for pages, files, mails and commands."""

from __future__ import annotations

from platen.fleet.reports.columns import Column, Report
from platen.fleet.reports.making import columns_to_choose, report
from platen.fleet.reports.wishes import KINDS, Wish, wish_of

__all__ = ["KINDS", "Column", "Report", "Wish", "columns_to_choose", "report", "wish_of"]
