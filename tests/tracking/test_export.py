"""Usage records as CSV."""

from __future__ import annotations

import csv
import io
import re

import pytest

from platen.directory.models import User
from platen.directory.services import change_user
from platen.eventlog.models import AuditEntry
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tracking.errors import InvalidQuery
from platen.tracking.export import CHUNK, export_csv
from platen.tracking.export_columns import COLUMNS, HEADER
from platen.tracking.models import UsageRecord
from platen.tracking.usage_lists import UsageFilter
from tests.fixtures_tenant import ADMIN
from tests.tracking.printed import A4, TWO_SIDED, Printing, document

pytestmark = pytest.mark.django_db

# The tracking format's fields in its order, written down a second time on purpose.
FIELDS = re.split(
    r"\s+",
    """TrackingID ComputerName ExportTrackingID TransactionID AccountingModelUsed StartDate StopDate TrackingState
TrackingPageCount ParserPageCount DriverPageCount JobSubmitLogon JobName JobDate JobSize UserID UserDomainID UserLogon
Domain FullName Description Email DeviceMac DeviceID DeviceName DeviceLocation DeviceIpAddr DeviceSupportsDuplex
DeviceSupportsColor DeviceModel DriverName JobPageFormat JobIsDuplex JobIsColor BillingCode BillingDescription
BillingInvoice JobPrice JobType PageCountStatus UserNodeID DeviceNodeID PageCountModel TrackingColorPageCount
JobDestination TonerSave JobPrice2 PMQueueName PMPortName PMComputerName DocComputerName TonerCyan TonerMagenta
TonerYellow TonerBlack UserCostCode JobSheetCount BillingCode2 BillingDescription2""",
)


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def exported(**arguments: object) -> list[dict[str, str]]:
    return rows("".join(export_csv(by=ADMIN, **arguments)))  # type: ignore[arg-type]  # a test's own values


def test_the_columns_and_their_order(printing: Printing) -> None:
    """59 fields in the format's order, the version after them, also where there is nothing to export. SC-TDF-01,
    SC-TDF-04, SC-TDF-05"""
    assert len(FIELDS) == 59
    assert [name for name, _value in COLUMNS] == FIELDS
    header = "".join(export_csv(by=ADMIN)).strip()
    assert header.split(",") == [*FIELDS, "FormatVersion"] == list(HEADER)


def test_one_record(printing: Printing, anna: User) -> None:
    """The sample record in the format's words. SC-TDF-T04, SC-TDF-07, SC-TDF-101, SC-TDF-108, SC-TDF-113, SC-TDF-123,
    SC-TDF-128, SC-TDF-133, SC-TDF-134, SC-TDF-139, SC-TDF-144, SC-PRICE-14"""
    record = printing.printed(anna, document((8, A4, True)), ticket=TWO_SIDED)
    (row,) = exported()
    expected = {
        "TrackingID": str(record.uuid),
        "TrackingState": "TRACKING_STATE_COMPLETED",
        "TrackingPageCount": "8",
        "ParserPageCount": "8",
        "TrackingColorPageCount": "8",
        "JobSheetCount": "4",
        "JobName": "Report.pdf",
        "JobType": "JOB_TYPE_PULL",
        "JobIsDuplex": "YES",
        "JobIsColor": "YES",
        "JobPrice": "2.8000",
        "JobPrice2": "0.4400",
        "DeviceMac": "00306ec934ae",
        "DeviceSupportsDuplex": "YES",
        "JobDestination": "",
        "BillingInvoice": "NO",
        "TonerSave": "NO",
        "TonerCyan": "0",
        "FormatVersion": "1",
    }
    assert {name: row[name] for name in expected} == expected


def test_the_first_label_stays(printing: Printing, anna: User) -> None:
    """A record keeps the label it was first exported under; one that came later takes the new one. SC-TDF-06,
    SC-TDF-T05, SC-TDF-103"""
    printing.printed(anna, document((1, A4, False)))
    assert [row["ExportTrackingID"] for row in exported()] == [""]
    assert [row["ExportTrackingID"] for row in exported(label="INV-2024-01")] == ["INV-2024-01"]
    printing.printed(anna, document((1, A4, False)))
    assert [row["ExportTrackingID"] for row in exported(label="INV-2024-02")] == ["INV-2024-01", "INV-2024-02"]


def test_a_long_label_is_refused(printing: Printing) -> None:
    """A label has at most 20 characters. SC-TDF-T05, SC-TDF-103"""
    assert exported(label="x" * 20) == []
    with pytest.raises(InvalidQuery):
        export_csv(by=ADMIN, label="x" * 21)


def test_separators(printing: Printing, anna: User) -> None:
    """A semicolon or a tab may separate values; anything else is refused. SC-TDF-02, SC-EXPORT-03"""
    printing.printed(anna, document((1, A4, False)), name="a;b,c")
    (row,) = rows("".join(export_csv(by=ADMIN, separator=";")), ";")
    assert row["JobName"] == "a;b,c"
    with pytest.raises(InvalidQuery):
        export_csv(by=ADMIN, separator="x")


def test_names_are_no_formulas(printing: Printing, anna: User) -> None:
    """A document named like a formula does not run in the spreadsheet that opens the export. SC-TDF-113"""
    change_user(anna, by=ADMIN, description="@SUM(A1)")
    printing.printed(anna, document((1, A4, False)), name='=HYPERLINK("http://evil.test")')
    (row,) = exported()
    assert row["JobName"] == '\'=HYPERLINK("http://evil.test")'
    assert row["Description"] == "'@SUM(A1)"


def test_more_than_a_chunk(printing: Printing, anna: User) -> None:
    """Many records of one moment are exported each once, oldest first. SC-EXPORT-07"""
    first = printing.printed(anna, document((1, A4, False)))
    copies = []
    for _number in range(CHUNK + 5):
        copy = UsageRecord.objects.get(id=first.id)
        copy.pk, copy._state.adding = None, True
        copy.uuid, copy.activity = UsageRecord().uuid, UsageRecord().uuid
        copies.append(copy)
    UsageRecord.objects.bulk_create(copies)
    ids = [row["TrackingID"] for row in exported(label="ALL")]
    assert len(ids) == len(set(ids)) == CHUNK + 6
    assert not UsageRecord.objects.exclude(export_label="ALL").exists()


def test_drawn_outside_its_tenant(printing: Printing, anna: User, other_tenant: Tenant) -> None:
    """An answer that is sent after the request is over still holds its own organisation's records alone. SC-TRACK-01"""
    printing.printed(anna, document((1, A4, False)))
    pieces = export_csv(UsageFilter(user_id=anna.id), by=ADMIN)
    with acting_for(other_tenant.id):
        assert len(rows("".join(pieces))) == 1
        assert rows("".join(export_csv(by=ADMIN))) == []


def test_an_export_is_audited(printing: Printing) -> None:
    """Who took usage data out, and under which label, is on the audit trail. SC-TDF-06"""
    exported(label="INV-1")
    entry = AuditEntry.objects.get(verb="usage_exported")
    assert (entry.actor, entry.detail["label"]) == ("root", "INV-1")


def test_names_may_be_left_out(printing: Printing, anna: User) -> None:
    """Document names are asterisks in an export for somebody who may not see them. SC-HIDE-11"""
    record = printing.printed(anna, document((1, A4, False)))
    assert [row["JobName"] for row in exported(names=False)] == ["****"]
    record.refresh_from_db()
    assert record.job_name == "Report.pdf"
