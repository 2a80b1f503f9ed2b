"""Usage records as CSV and XML."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from platen.directory.models import User
from platen.directory.services import change_user
from platen.eventlog.models import AuditEntry
from platen.printing.models import Job
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tracking.errors import InvalidQuery
from platen.tracking.export import CHUNK, export_csv, export_xml
from platen.tracking.export_columns import COLUMNS, HEADER, row_of
from platen.tracking.models import UsageRecord
from platen.tracking.record_fields import this_computer
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
    SC-TDF-128, SC-TDF-133, SC-TDF-134, SC-TDF-139, SC-TDF-144, SC-PRICE-14, SC-TDF-146"""
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


def test_where_and_when(printing: Printing, anna: User) -> None:
    """Device, queue, computers, times and sizes stand in an export as they were. SC-TDF-102, SC-TDF-106, SC-TDF-107,
    SC-TDF-114, SC-TDF-115, SC-TDF-119, SC-TDF-124, SC-TDF-125, SC-TDF-126, SC-TDF-127, SC-TDF-129, SC-TDF-130,
    SC-TDF-148, SC-TDF-149, SC-TDF-150, SC-TDF-151, SC-TDF-156, SC-RECORD-02"""
    change_user(anna, by=ADMIN, domain="ACME", cost_code="2949")
    job = printing.job(anna, document((1, A4, False)))
    Job.objects.filter(id=job.id).update(created_at=datetime(2026, 5, 4, 9, 12, 33, tzinfo=UTC), received_via="lpd")
    job.refresh_from_db()
    record = printing.ended(printing.delivery(job))
    assert record is not None
    record.started_at = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    record.stopped_at = datetime(2026, 5, 4, 10, 0, 7, tzinfo=UTC)
    record.save()
    (row,) = exported()
    expected = {
        "ComputerName": this_computer(),
        "StartDate": "2026-05-04T10:00:00Z",
        "StopDate": "2026-05-04T10:00:07Z",
        "JobDate": "2026-05-04T09:12:33Z",
        "JobSize": "41000",
        "Domain": "ACME",
        "UserCostCode": "2949",
        "DeviceID": str(printing.device.id),
        "DeviceName": "Copier 2nd floor",
        "DeviceLocation": "2nd floor",
        "DeviceIpAddr": "127.0.0.9",
        "DeviceSupportsColor": "YES",
        "DeviceModel": "Examplecorp LX-400",
        "PMQueueName": "pull",
        "PMPortName": "lpd",
        "PMComputerName": this_computer(),
        "DocComputerName": "pc-17",
    }
    assert {name: row[name] for name in expected} == expected


def of_kind(job_type: str) -> dict[str, object]:
    """A record with a value in each of the fields that some kinds do not have, as it is exported."""
    record = UsageRecord(
        job_type=f"JOB_TYPE_{job_type}",
        started_at=datetime(2026, 5, 4, tzinfo=UTC),
        stopped_at=datetime(2026, 5, 4, tzinfo=UTC),
        job_price=Decimal("0.20"),
        job_price2=Decimal(0),
        tracking_page_count=12,
        parser_page_count=3,
        driver_page_count=3,
        job_size_bytes=7,
        job_destination="+45 4711",
        driver_name="LX Universal",
        queue_name="pull",
        port_name="ipp",
        document_computer_name="pc-17",
    )
    return dict(zip(HEADER, row_of(record), strict=True))


def test_a_copy_of_twelve_pages() -> None:
    """A copy has pages and no document: neither size nor driver, no pages of a parser, and a name of its own.
    SC-TDF-T02, SC-TDF-111, SC-TDF-113, SC-RECORD-02"""
    row = of_kind("COPY")
    expected = {
        "JobType": "JOB_TYPE_COPY",
        "JobName": "Copy job",
        "ParserPageCount": 0,
        "DriverPageCount": 0,
        "TrackingPageCount": 12,
        "JobDestination": "",
        "JobSize": 0,
        "DriverName": "",
        "PMQueueName": "",
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize("kind", ["PULL", "PUSH", "COPY", "SCAN", "EMAIL", "FAX"])
def test_each_kind_has_its_fields(kind: str) -> None:
    """A size all but copies, a driver what came through a queue, a destination scans, mails and faxes. SC-RECORD-02,
    SC-TDF-07, SC-TDF-115, SC-TDF-131, SC-TDF-145"""
    row = of_kind(kind)
    assert (row["JobSize"] != 0) == (kind != "COPY")
    assert (row["DriverName"] != "") == (row["DriverPageCount"] != 0) == (kind in {"PULL", "PUSH"})
    assert (row["JobDestination"] != "") == (kind in {"SCAN", "EMAIL", "FAX"})


def test_xml_says_the_same(printing: Printing, anna: User) -> None:
    """XML has an element for each field, by its name in the format; what cannot stand in XML becomes a space.
    SC-EXPORT-02, SC-TDF-01, SC-TDF-02"""
    printing.printed(anna, document((8, A4, True)), ticket=TWO_SIDED, name="A < B & \x01\ufffe ü")
    printing.printed(anna, document((1, A4, False)), name="=1+1")
    root = ET.fromstring("".join(export_xml(by=ADMIN)))
    first, second = ({field.tag: field.text or "" for field in record} for record in root)
    assert list(first) == list(HEADER)
    assert (first["JobName"], second["JobName"]) == ("A < B &    ü", "=1+1")
    by_csv = exported()
    assert second | {"JobName": ""} == by_csv[1] | {"JobName": ""}


def test_an_empty_xml(printing: Printing) -> None:
    """Without a record there is a document all the same. SC-EXPORT-02"""
    assert list(ET.fromstring("".join(export_xml(by=ADMIN)))) == []


def test_chosen_fields(printing: Printing, anna: User) -> None:
    """Some fields only, in the format's order whatever the order asked for, with the format's version; a name that is
    none is refused. SC-EXPORT-06, SC-TDF-05"""
    printing.printed(anna, document((1, A4, False)))
    (row,) = exported(fields=["JobName", "UserLogon"])
    assert row == {"JobName": "Report.pdf", "UserLogon": "anna", "FormatVersion": "1"}
    assert list(row) == ["JobName", "UserLogon", "FormatVersion"]
    (record,) = ET.fromstring("".join(export_xml(by=ADMIN, fields=["JobType"])))
    assert [field.tag for field in record] == ["JobType", "FormatVersion"]
    with pytest.raises(InvalidQuery, match="Nonsense: no such field"):
        export_csv(by=ADMIN, fields=["JobName", "Nonsense"])


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


@pytest.mark.untraced
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
