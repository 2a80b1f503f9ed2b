"""A computer that prints: a small IPP client over HTTP, with our own codec and nothing of the server's."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from platen.protocols.ipp import Attribute, Group, GroupTag, Message, Operation, decode_response, encode
from platen.protocols.ipp import attributes as a


class NotPrinted(Exception):
    """The server did not take what was sent; the text says what it answered."""


@dataclass(slots=True)
class PrintClient:
    """Prints in one person's name. One connection a request, as an ordinary client that comes now and then."""

    uri: str  # ipp://host:port/ipp/print
    user: str
    timeout_s: float = 20.0
    _request_id: int = 0

    def print_job(
        self, name: str, document: bytes, document_format: str, job_attributes: Iterable[Attribute] = ()
    ) -> int:
        """Print-Job (RFC 8011 section 4.2.1). Returns: the job-id. Raises: NotPrinted, OSError, HTTPException."""
        said = [a.name_("job-name", name), a.mime_type("document-format", document_format)]
        return self._job_id(self.ask(Operation.PRINT_JOB, said, job_attributes, document))

    def create_job(self, name: str, job_attributes: Iterable[Attribute] = ()) -> int:
        """Create-Job (section 4.2.4). Returns: the job-id. Raises: as print_job."""
        return self._job_id(self.ask(Operation.CREATE_JOB, [a.name_("job-name", name)], job_attributes))

    def send_document(self, job_id: int, document: bytes, document_format: str) -> None:
        """Send-Document (section 4.3.1) with the job's one document. Raises: as print_job."""
        said = [
            a.integer("job-id", job_id),
            a.mime_type("document-format", document_format),
            a.boolean("last-document", True),
        ]
        self.ask(Operation.SEND_DOCUMENT, said, (), document)

    def ask(
        self,
        operation: Operation,
        attributes: Iterable[Attribute] = (),
        job_attributes: Iterable[Attribute] = (),
        document: bytes = b"",
    ) -> Message:
        """One request and its answer. Raises: as print_job."""
        address = urlsplit(self.uri)
        connection = http.client.HTTPConnection(address.hostname or "", address.port or 631, timeout=self.timeout_s)
        try:
            connection.request(
                "POST",
                address.path,
                self._encode(operation, list(attributes), list(job_attributes)) + document,
                {"Content-Type": "application/ipp"},
            )
            with connection.getresponse() as response:
                content = response.read()
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise NotPrinted(f"HTTP {response.status}: {content[:200].decode(errors='replace')}")
        answer = decode_response(content)
        if not answer.is_success:
            raise NotPrinted(f"{answer.status!r}: {answer.operation.text('status-message')}")
        return answer

    def _encode(self, operation: Operation, attributes: list[Attribute], job: list[Attribute]) -> bytes:
        self._request_id += 1
        job_id = [each for each in attributes if each.name == "job-id"]
        head = [
            a.charset("attributes-charset", "utf-8"),
            a.language("attributes-natural-language", "en"),
            a.uri("printer-uri", self.uri),
            *job_id,
            a.name_("requesting-user-name", self.user),
            *(each for each in attributes if each.name != "job-id"),
        ]
        groups = [Group(GroupTag.OPERATION_ATTRIBUTES, head)]
        if job:
            groups.append(Group(GroupTag.JOB_ATTRIBUTES, job))
        return encode(Message((2, 0), operation, self._request_id, tuple(groups)))

    @staticmethod
    def _job_id(answer: Message) -> int:
        job_id = answer.job.integer("job-id", 0)
        if not job_id:
            raise NotPrinted("the answer names no job")
        return job_id
