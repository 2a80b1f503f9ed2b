"""What is stored of the fleet."""

from __future__ import annotations

from platen.fleet.models.collectors import Collector, CollectorMachine
from platen.fleet.models.dashboards import Dashboard
from platen.fleet.models.discovery import Credential, Discovery, DiscoveryRun, Found
from platen.fleet.models.groups import Group, Membership, Place, Region, SavedView
from platen.fleet.models.history import FleetDay, MeterReading, MonthMeters, StateSpan, StateSummary, SupplyEvent
from platen.fleet.models.machine import Alert, Machine, Power, ReadingPlan, SearchText, Severity, Supply, Survey
from platen.fleet.models.mail import MailServer
from platen.fleet.models.notices import Channel, Notice, NoticeRule, Webhook
from platen.fleet.models.reports import ReportChoice
from platen.fleet.models.settings import FleetSettings

__all__ = [
    "Alert",
    "Channel",
    "Collector",
    "CollectorMachine",
    "Credential",
    "Dashboard",
    "Discovery",
    "DiscoveryRun",
    "FleetDay",
    "FleetSettings",
    "Found",
    "Group",
    "Machine",
    "MailServer",
    "Membership",
    "MeterReading",
    "MonthMeters",
    "Notice",
    "NoticeRule",
    "Place",
    "Power",
    "ReadingPlan",
    "Region",
    "ReportChoice",
    "SavedView",
    "SearchText",
    "Severity",
    "StateSpan",
    "StateSummary",
    "Supply",
    "SupplyEvent",
    "Survey",
    "Webhook",
]
