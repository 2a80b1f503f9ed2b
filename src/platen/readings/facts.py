"""One reading of one machine: what it is, what it has done, what it holds, what is wrong with it.

Everything keeps where it came from: `source` is a dotted object identifier with its instance, or the name of an IPP
attribute. What a machine does not say is None or empty, never zero.

Nothing here is changed once it was made. That is not enforced: a fleet's readings are hundreds of thousands of these a
minute, and a frozen class takes six times as long to make one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(slots=True, unsafe_hash=True)
class Identity:
    """Who a machine is. Texts are stripped of padding and control characters; empty: not said."""

    maker: str = ""  # the name of a file in makers/, as people write it: "Konica Minolta"
    model: str = ""  # without the maker's name in front
    serial: str = ""
    asset_number: str = ""
    firmware: str = ""
    mac: str = ""  # 12 lower-case hexadecimal digits
    uuid: str = ""  # printer-uuid without "urn:uuid:"
    host_name: str = ""  # sysName
    location: str = ""
    contact: str = ""
    description: str = ""  # sysDescr
    object_id: str = ""  # sysObjectID, dotted
    color: bool | None = None  # can mark colour
    duplex: bool | None = None
    functions: frozenset[str] = frozenset()  # of "print", "copy", "scan", "fax"


class Work(StrEnum):
    """What a meter counts. The first part of a meter's name."""

    TOTAL = "total"  # everything that was marked, whatever it was
    PRINT = "print"
    COPY = "copy"
    FAX = "fax"  # received and marked
    LIST = "list"  # reports and lists that the machine prints of itself
    SCAN = "scan"  # sides scanned, for whatever purpose
    SCAN_COPY = "scan-copy"
    SCAN_SEND = "scan-send"
    FAX_SENT = "fax-sent"
    SHEETS = "sheets"  # pieces of media; the others are impressions
    DUPLEX = "duplex"  # sheets marked on both sides
    FEED = "feed"  # images of the document feeder


@dataclass(slots=True, unsafe_hash=True)
class Meter:
    """A count over the machine's life.

    name: `work[.colour][.size]`, where work is a Work, colour is "mono", "color" (every colour that is not mono),
    "full-color", "two-color" or "single-color", and size is "large" (A3, ledger and above) or "small". For example
    "total", "total.color", "print.mono", "copy.color.large".
    """

    name: str
    value: int
    source: str
    unit: str = "impressions"  # or "sheets", "images"


class SupplyState(StrEnum):
    """What is known of how much there is."""

    LEVEL = "level"  # `percent` says it
    SOME = "some"  # RFC 3805: -3, at least one unit remains
    UNKNOWN = "unknown"  # -2, or a level without a usable capacity
    UNLIMITED = "unlimited"  # -1, no restriction
    LOW = "low"  # not measured, and the machine says it is low
    EMPTY = "empty"


@dataclass(slots=True, unsafe_hash=True)
class Supply:
    """Something that is used up, or a receptacle that fills (RFC 3805 prtMarkerSuppliesTable, RFC 3806 finSupplyTable).

    percent: of use that is left: for a receptacle the room that is left, so that 0 always means "see to it".
    """

    key: str  # stays the same from reading to reading: "1.3" (marker's supply), "fin.1.2", "ipp.4"
    kind: str  # PrtMarkerSuppliesTypeTC as IPP writes it: "toner", "waste-toner", "opc", "fuser", "staples" ...
    color: str = ""  # "black", "cyan", "magenta", "yellow", or what the machine says in lower case; "" for none
    description: str = ""
    state: SupplyState = SupplyState.UNKNOWN
    percent: int | None = None
    level: int | None = None  # as read
    capacity: int | None = None  # as read; None where not said or not usable
    unit: str = ""  # PrtMarkerSuppliesSupplyUnitTC: "impressions", "percent", "tenths-of-grams" ...
    receptacle: bool = False
    part_number: str = ""
    serial: str = ""
    pages_left: int | None = None  # where the machine says so itself
    source: str = ""


@dataclass(slots=True, unsafe_hash=True)
class Tray:
    """Where media comes from (prtInputTable) or goes to (prtOutputTable: `output`)."""

    key: str
    name: str = ""
    media: str = ""
    output: bool = False
    level: int | None = None  # sheets, where measured
    capacity: int | None = None
    state: SupplyState = SupplyState.UNKNOWN
    percent: int | None = None  # media left; of an output, room left
    source: str = ""
    status: tuple[str, ...] = ()  # what it does and what is the matter with it (readings.sub_units)
    stacking: tuple[str, ...] = ()  # of an output: "face-down", "first-to-last", "offset"


@dataclass(slots=True, unsafe_hash=True)
class Finisher:
    """A part that finishes sheets: staples, punches, folds, stacks them (RFC 3806 finDeviceTable, PWG 5100.1).

    level: of `capacity`, what finDeviceCurrentCapacity says. outputs and supplies: keys of the trays that it fills and
    of what it uses up. abilities: what its attributes say, as "stitching=staple-top-left" or "maximum-sheets=50".
    """

    key: str  # "1.1" (device's finisher), "ipp.1"
    kind: str  # FinDeviceTypeTC as a keyword: "stitcher", "puncher", "stacker" ...
    name: str = ""
    presence: str = ""  # "on", "off" or "not-present"; "" where it is not said
    status: tuple[str, ...] = ()  # as of a tray
    level: int | None = None
    capacity: int | None = None
    unit: str = ""  # PrtCapacityUnitTC: "sheets", "items" ...
    state: SupplyState = SupplyState.UNKNOWN
    maker: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    outputs: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()
    abilities: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_there(self) -> bool:
        """Machines also name finishers that could be put on them."""
        return self.presence != "not-present"


@dataclass(slots=True, unsafe_hash=True)
class Port:
    """A way by which documents reach the machine (PWG 5107.1 ppmPortTable, RFC 3805 prtChannelTable)."""

    key: str
    protocol: str  # "lpd", "raw", "ipp", "ftp", "usb" ...; PrtChannelTypeTC's number where that has no name
    number: int | None = None  # of TCP
    name: str = ""
    resource: str = ""  # the queue of LPD or the path of a URI; the host is the machine's own
    takes_documents: bool | None = None
    source: str = ""


class AlertSeverity(StrEnum):
    """PrtAlertSeverityLevelTC."""

    CRITICAL = "critical"
    WARNING = "warning"
    WARNING_BINARY = "warning-binary-change"
    OTHER = "other"


class Training(StrEnum):
    """PrtAlertTrainingLevelTC: who can see to it."""

    OTHER = "other"
    UNKNOWN = "unknown"
    UNTRAINED = "untrained"
    TRAINED = "trained"
    FIELD_SERVICE = "field-service"
    MANAGEMENT = "management"
    NONE = "no-intervention-required"


@dataclass(slots=True, unsafe_hash=True)
class Alert:
    """Something that the machine reports (a row of prtAlertTable, or a value of printer-alert)."""

    key: str  # the same alert in the next reading has the same key: made of group, group index, code and words
    severity: AlertSeverity
    code: str  # PrtAlertCodeTC as IPP writes it ("jam", "marker-toner-empty"); a number where it is not registered
    training: Training = Training.UNKNOWN
    group: str = ""  # PrtAlertGroupTC: "input", "marker-supplies" ...
    group_index: int | None = None
    location: int | None = None
    description: str = ""
    source: str = ""


class Activity(StrEnum):
    """What the machine is doing."""

    UNKNOWN = "unknown"
    IDLE = "idle"
    PRINTING = "printing"
    WARMUP = "warmup"
    STOPPED = "stopped"
    ASLEEP = "asleep"
    TESTING = "testing"


@dataclass(slots=True, unsafe_hash=True)
class Status:
    """The machine as it is now."""

    activity: Activity = Activity.UNKNOWN
    reasons: frozenset[str] = frozenset()  # printer-state-reasons; from hrPrinterDetectedErrorState where SNMP is read
    console: tuple[str, ...] = ()  # the lines of its display
    lights: Mapping[str, str] = field(default_factory=dict)  # name of a light: "on", "off", "blink"
    uptime_s: int | None = None
    alert_events: int | None = None  # prtAlertAllEvents: how many alerts there were; rises with each new one


@dataclass(slots=True, unsafe_hash=True)
class Reading:
    """Everything of one visit. `notes` are sentences about what was put right or could not be known."""

    identity: Identity = Identity()
    status: Status = Status()
    meters: tuple[Meter, ...] = ()
    supplies: tuple[Supply, ...] = ()
    trays: tuple[Tray, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notes: tuple[str, ...] = ()
    finishers: tuple[Finisher, ...] = ()
    ports: tuple[Port, ...] = ()

    def meter(self, name: str) -> int | None:
        """A meter's value by its name."""
        return next((meter.value for meter in self.meters if meter.name == name), None)
