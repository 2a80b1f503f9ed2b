"""A page that shows whether a device prints: taken in, delivered and charged like any other job."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from platen.devices.models import Device
from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.identifiers import uuid7
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Arrival, Refused
from platen.printing.errors import NotReleasable
from platen.printing.intake import accept_stored, forget_documents
from platen.printing.models import Job, ReceivedVia
from platen.printing.queue_facts import all_queue_facts
from platen.printing.release import release_unattended
from platen.printing.spool import Spool, Stored

PDF, TEXT = "application/pdf", "text/plain"
# A device that does not say what it prints, on a channel that knows no formats: text is what most take.
_PDF_SCHEMES = ("ipp://", "ipps://")


def print_test_page(spool: Spool, device: Device, user: User, *, by: Actor, now: datetime) -> Job:
    """Print a page that names the device, the time and who asked, and charge it to them. Returns: its job.

    Raises: NotReleasable where there is no default queue or the device is out of service; SpoolFull, OSError.
    """
    queue = next(
        (facts for facts in all_queue_facts() if facts.tenant_id == device.tenant_id and facts.is_default), None
    )
    if queue is None:
        raise NotReleasable(_("There is no default queue. Make one before printing a test page."))
    if device.out_of_service:
        raise NotReleasable(_("%(device)s is out of service. Put it back first.") % {"device": device.name})
    if not device.uri:
        raise NotReleasable(
            _("%(device)s has no address for documents. Edit it and give one.") % {"device": device.name}
        )
    lines = ["Platen", f"Test page of {device.name}", device.uri, f"{now:%Y-%m-%d %H:%M} UTC", f"Asked for by {user}"]
    as_pdf = PDF in device.document_formats or (not device.document_formats and device.uri.startswith(_PDF_SCHEMES))
    stored = _store(spool, pdf_page(lines) if as_pdf else text_page(lines))
    arrival = Arrival(
        uuid=stored.document,
        queue=queue,
        name=_("Test page of %(device)s") % {"device": device.name},
        names=NamesOfJob(authenticated=user.logon),
        authenticated_user_id=user.id,
        received_via=ReceivedVia.WEB,
        document_format=PDF if as_pdf else TEXT,
        document=stored,
    )
    (result,) = accept_stored(spool, [arrival])
    if isinstance(result, Refused):
        forget_documents(spool, [arrival])
        raise NotReleasable(result.reason)
    job: Job = Job.objects.get(id=result.job_id)
    release_unattended(job, device, by=by)
    return job


def text_page(lines: list[str]) -> bytes:
    """Lines as plain text with a form feed."""
    return ("\r\n".join(lines) + "\r\n\f").encode("ascii", "replace")


def pdf_page(lines: list[str]) -> bytes:
    """Lines on one A4 page, in the font that every reader of PDF has (ISO 32000-1 section 9.6.2.2)."""
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    content = f"BT /F1 18 Tf 72 740 Td 28 TL {shown} ET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    document, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(document))
    return document + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _store(spool: Spool, document: bytes) -> Stored:
    # In a file of its own: packs are appended to by the print service alone.
    sink = spool.open_file(uuid7())
    try:
        sink.write(document)
        return sink.finish()
    except OSError:
        sink.abort()
        raise
