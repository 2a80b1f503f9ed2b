"""A whole message: version, operation or status, request-id and attribute groups (RFC 8010 section 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from platen.protocols.ipp.errors import Version
from platen.protocols.ipp.operations import Operation
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import GroupTag
from platen.protocols.ipp.values import Attribute, Attributes


class Group(Attributes):
    """One attribute group. The lookups are those of Attributes: `message.operation.text("job-name")`."""

    __slots__ = ("tag",)

    def __init__(self, tag: int, attributes: Iterable[Attribute] = ()) -> None:
        super().__init__(attributes)
        self.tag = tag

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Group) and self.tag == other.tag and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self.tag, tuple(self)))

    def __repr__(self) -> str:
        return f"Group({self.tag!r}, {', '.join(map(str, self))})"


@dataclass(frozen=True, slots=True)
class EncodedGroup:
    """A group whose attributes are already octets (see `encoder.encode_attribute`): encoded once, sent many times."""

    tag: int
    octets: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response; which of them is known from who sent it.

    `code` is the operation-id of a request and the status-code of a response.
    """

    version: Version
    code: int
    request_id: int
    groups: tuple[Group, ...] = field(default=())

    @property
    def operation_id(self) -> Operation | int:
        """`code` of a request; a bare int where the operation is unknown."""
        return _OPERATIONS.get(self.code, self.code)

    @property
    def status(self) -> Status | int:
        """`code` of a response; a bare int where the status is unknown."""
        return _STATUSES.get(self.code, self.code)

    @property
    def is_success(self) -> bool:
        """True for a response with a successful-xxx status (RFC 8011 appendix B.1.2)."""
        return self.code < 0x0100

    def all(self, tag: int) -> tuple[Group, ...]:
        """Every group with that tag, in order: Get-Jobs answers with one job group for each job."""
        return tuple(group for group in self.groups if group.tag == tag)

    def one(self, tag: int) -> Group:
        """The first group with that tag, or an empty one."""
        for group in self.groups:
            if group.tag == tag:
                return group
        return Group(tag)

    @property
    def operation(self) -> Group:
        """The operation attributes."""
        return self.one(GroupTag.OPERATION_ATTRIBUTES)

    @property
    def job(self) -> Group:
        """The first job attributes group."""
        return self.one(GroupTag.JOB_ATTRIBUTES)

    @property
    def jobs(self) -> tuple[Group, ...]:
        """Every job attributes group."""
        return self.all(GroupTag.JOB_ATTRIBUTES)

    @property
    def printer(self) -> Group:
        """The printer attributes."""
        return self.one(GroupTag.PRINTER_ATTRIBUTES)

    @property
    def unsupported(self) -> Group:
        """The unsupported attributes of a response."""
        return self.one(GroupTag.UNSUPPORTED_ATTRIBUTES)


_OPERATIONS: dict[int, Operation] = {operation.value: operation for operation in Operation}
_STATUSES: dict[int, Status] = {status.value: status for status in Status}
