"""The columns of an export of usage records: 59 names of the field's tracking format, in its order.

New columns go to the end, never between, so that a reader of an older version stays right; every row says its
FORMAT_VERSION in the column after the 59.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from platen.policy.usage_enums import JobType
from platen.tracking.export_text import Cell
from platen.tracking.models import UsageRecord

FORMAT_VERSION = 1
PRICE_DECIMALS_MIN = 4
COPY_NAME = "Copy job"


def _flag(value: bool) -> str:
    return "YES" if value else "NO"


def _moment(value: datetime | None) -> str:
    """UTC, to the second: 2026-05-04T09:12:33Z."""
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _price(value: Decimal) -> str:
    """At least four decimals, and more only where there are more."""
    digits = max(PRICE_DECIMALS_MIN, -int(value.normalize().as_tuple().exponent))
    return f"{value:.{digits}f}"


def _key(value: int | None) -> Cell:
    return "" if value is None else value


def _billing(_record: UsageRecord) -> str:
    return ""  # there are no billing codes yet


def _if_printed(record: UsageRecord, value: Cell) -> Cell:
    """What only documents have that came through a queue; for the other kinds empty, or 0."""
    return value if JobType(record.job_type).is_print else type(value)()


def _name(record: UsageRecord) -> str:
    return record.job_name or (COPY_NAME if record.job_type == JobType.COPY else "")


def _destination(record: UsageRecord) -> str:
    """Only what leaves the device on a wire goes somewhere."""
    return "" if JobType(record.job_type).uses_paper else record.job_destination


# Name, and how it comes from a record.
COLUMNS: tuple[tuple[str, Callable[[UsageRecord], Cell]], ...] = (
    ("TrackingID", lambda record: str(record.uuid)),
    ("ComputerName", lambda record: record.computer_name),
    ("ExportTrackingID", lambda record: record.export_label),
    ("TransactionID", lambda record: ""),  # set where a job is charged to a balance
    ("AccountingModelUsed", lambda record: record.accounting_model),
    ("StartDate", lambda record: _moment(record.started_at)),
    ("StopDate", lambda record: _moment(record.stopped_at)),
    ("TrackingState", lambda record: record.tracking_state),
    ("TrackingPageCount", lambda record: record.tracking_page_count),
    ("ParserPageCount", lambda record: _if_printed(record, record.parser_page_count)),
    ("DriverPageCount", lambda record: _if_printed(record, record.driver_page_count)),
    ("JobSubmitLogon", lambda record: record.job_submit_logon),
    ("JobName", _name),
    ("JobDate", lambda record: _moment(record.job_date)),
    ("JobSize", lambda record: 0 if record.job_type == JobType.COPY else record.job_size_bytes),
    ("UserID", lambda record: _key(record.user_id)),
    ("UserDomainID", lambda record: ""),  # domains are names here, without keys of their own
    ("UserLogon", lambda record: record.user_logon),
    ("Domain", lambda record: record.user_domain),
    ("FullName", lambda record: record.user_full_name),
    ("Description", lambda record: record.user_description),
    ("Email", lambda record: record.user_email),
    ("DeviceMac", lambda record: record.device_mac.lower()),
    ("DeviceID", lambda record: _key(record.device_id)),
    ("DeviceName", lambda record: record.device_name),
    ("DeviceLocation", lambda record: record.device_location),
    ("DeviceIpAddr", lambda record: record.device_address),
    ("DeviceSupportsDuplex", lambda record: _flag(record.device_supports_duplex)),
    ("DeviceSupportsColor", lambda record: _flag(record.device_supports_color)),
    ("DeviceModel", lambda record: record.device_model),
    ("DriverName", lambda record: _if_printed(record, record.driver_name)),
    ("JobPageFormat", lambda record: record.job_page_format),
    ("JobIsDuplex", lambda record: _flag(record.job_is_duplex)),
    ("JobIsColor", lambda record: _flag(record.job_is_color)),
    ("BillingCode", _billing),
    ("BillingDescription", _billing),
    ("BillingInvoice", lambda record: "NO"),
    ("JobPrice", lambda record: _price(record.job_price)),
    ("JobType", lambda record: record.job_type),
    ("PageCountStatus", lambda record: record.page_count_status),
    ("UserNodeID", lambda record: 0),
    ("DeviceNodeID", lambda record: 0),
    ("PageCountModel", lambda record: record.page_count_model),
    ("TrackingColorPageCount", lambda record: record.tracking_color_page_count),
    ("JobDestination", _destination),
    ("TonerSave", lambda record: _flag(record.toner_save)),
    ("JobPrice2", lambda record: _price(record.job_price2)),
    ("PMQueueName", lambda record: _if_printed(record, record.queue_name)),
    ("PMPortName", lambda record: _if_printed(record, record.port_name)),
    ("PMComputerName", lambda record: _if_printed(record, record.computer_name)),
    ("DocComputerName", lambda record: _if_printed(record, record.document_computer_name)),
    ("TonerCyan", lambda record: record.toner_cyan),
    ("TonerMagenta", lambda record: record.toner_magenta),
    ("TonerYellow", lambda record: record.toner_yellow),
    ("TonerBlack", lambda record: record.toner_black),
    ("UserCostCode", lambda record: record.user_cost_code),
    ("JobSheetCount", lambda record: record.job_sheet_count),
    ("BillingCode2", _billing),
    ("BillingDescription2", _billing),
)
VERSION_COLUMN = "FormatVersion"
HEADER = (*(name for name, _value in COLUMNS), VERSION_COLUMN)


def row_of(record: UsageRecord) -> list[Cell]:
    """One record as the cells of a row, in the order of HEADER."""
    return [*(value(record) for _name, value in COLUMNS), FORMAT_VERSION]
