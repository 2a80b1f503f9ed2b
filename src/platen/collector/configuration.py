"""A collector's configuration: one TOML file (collector/template.toml explains every setting)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from platen.collector.findings import Finding, Level, NotUsable
from platen.collector.table import Table
from platen.collector.toml_credentials import credentials_of
from platen.collector.toml_ways import Folder, Ftps, Https, Mail, Sftp, folder_of, ftps_of, https_of, mail_of, sftp_of
from platen.policy.fleet.addresses import ASK_ABOVE, AddressError, Scope, parse_scope
from platen.policy.fleet.collector import LIMITS, MASKED, TREATMENTS
from platen.policy.web_address import WebAddressError, parse_web_address
from platen.services.collect.search.sightings import Method, NamedCredential

ANNOUNCED = frozenset({Method.BROADCAST, Method.DNS_SD, Method.WSD})
"""By these, machines answer that are in no list."""
WAYS = ("https", "ftps", "sftp", "mail", "folder")
MASKS: dict[str, str] = {**dict.fromkeys(MASKED, "send"), "contact": "nothing", "console": "nothing"}
"""What goes out where nothing is said: a contact is a person, and a display may show a job's name."""


@dataclass(frozen=True, slots=True)
class Search:
    """Where machines are looked for, and how. excluded: what the site and home leave alone; it is not in `scope`."""

    scope: Scope = Scope()
    every_s: int = 86_400
    methods: frozenset[Method] = frozenset({Method.SNMP})
    packets_per_s: float = 100.0
    port: int = 161
    excluded: tuple[Scope, ...] = ()

    def leaves_out(self, address: str) -> bool:
        """Whether nothing of a machine there is to be known at home."""
        return any(address in scope for scope in self.excluded)

    def reads(self, address: str) -> bool:
        """Whether a machine that is known is read on. What announces itself need not be listed."""
        return not self.leaves_out(address) and (address in self.scope or bool(self.methods & ANNOUNCED))


@dataclass(frozen=True, slots=True)
class Read:
    """How often machines are read, and how patiently. survey_every_s: everything is asked anew and sent whole."""

    every_s: int = 3_600
    survey_every_s: int = 86_400
    timeout_s: float = 2.0
    retries: int = 2
    at_once: int = 32


@dataclass(frozen=True, slots=True)
class Send:
    """The way home. queue_octets_max: what may wait on the disk."""

    way: str = "https"
    every_s: int = 900
    queue_octets_max: int = 500 * 1_048_576
    insecure: bool = False
    https: Https = field(default_factory=Https)
    ftps: Ftps = field(default_factory=Ftps)
    sftp: Sftp = field(default_factory=Sftp)
    mail: Mail = field(default_factory=Mail)
    folder: Folder = field(default_factory=Folder)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that a collector is told by its site."""

    name: str
    collector: str
    home: str
    key: bytes = field(repr=False)
    data: Path
    search: Search = Search()
    read: Read = Read()
    credentials: tuple[NamedCredential, ...] = ()
    mask: dict[str, str] = field(default_factory=lambda: dict(MASKS))
    send: Send = field(default_factory=Send)
    health_check: bool = True
    update_configuration: bool = True
    update_software: bool = True


def load(path: Path) -> Configuration:
    """Raises: NotUsable, which says everything that is wrong."""
    configuration, findings = examine(path)
    if configuration is None:
        raise NotUsable(findings)
    return configuration


def examine(path: Path) -> tuple[Configuration | None, list[Finding]]:
    """The configuration, if it can be used, and what there is to say about it."""
    findings: list[Finding] = []
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except FileNotFoundError:
        advice = f"Write one with `platen collector init {path}`."
        return None, [Finding(Level.PROBLEM, str(path), "There is no such file.", advice)]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [Finding(Level.PROBLEM, str(path), f"It cannot be read: {error}.", "Correct that line.")]
    configuration = _configuration(Table(values, "", findings, path.absolute().parent))
    usable = not any(finding.level is Level.PROBLEM for finding in findings)
    return (configuration if usable else None), findings


def _configuration(table: Table) -> Configuration:
    update, health = table.table("update"), table.table("health")
    configuration = Configuration(
        name=table.text("name", needed="Give the site a name."),
        collector=_uuid(table),
        home=table.text("home").rstrip("/"),
        key=table.secret("key", needed="`platen collectors add NAME` at home shows the key.").encode(),
        data=Path(table.path("data", "collector-data")),
        search=_search(table.table("search")),
        read=_read(table.table("read")),
        credentials=credentials_of(table),
        mask=_mask(table.table("mask")),
        send=_send(table.table("send")),
        health_check=health.switch("check", True),
        update_configuration=update.switch("configuration", True),
        update_software=update.switch("software", True),
    )
    for each in (update, health, table):
        each.finish()
    _check_home(table, configuration)
    return configuration


def _uuid(table: Table) -> str:
    text = table.text("collector", needed="`platen collectors add NAME` at home shows it.")
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        table.problem("collector", f"“{text}” is no UUID.", "`platen collectors list` at home shows it.")
        return ""


def _search(table: Table) -> Search:
    spans = {}
    for name in ("addresses", "exclude"):
        try:
            spans[name] = parse_scope(table.text(name))
        except AddressError as error:
            table.problem(name, str(error))
            spans[name] = Scope()
    scope = spans["addresses"].without(spans["exclude"])
    if scope.count() > ASK_ABOVE:
        sentence = f"These are {scope.count()} addresses: one search takes long."
        table.problem("addresses", sentence, "Give the networks in which printers are.", level=Level.WARNING)
    methods = table.texts("methods", ("snmp",), of=[method.value for method in Method])
    if not scope.count() and not {Method(method) for method in methods} & ANNOUNCED:
        table.problem("addresses", "No address is given.", "Write for example 10.1.2.0/24.")
    search = Search(
        scope,
        table.whole("every_s", 86_400, *LIMITS["search_every_s"]),
        frozenset(Method(method) for method in methods),
        table.number("packets_per_s", 100, *LIMITS["packets_per_s"]),
        table.whole("port", 161, 1, 65_535),
        (spans["exclude"],),
    )
    table.finish()
    return search


def _read(table: Table) -> Read:
    read = Read(
        table.whole("every_s", 3_600, *LIMITS["read_every_s"]),
        table.whole("survey_every_s", 86_400, *LIMITS["survey_every_s"]),
        table.number("timeout_s", 2.0, 0.1, 60),
        table.whole("retries", 2, 0, 10),
        table.whole("at_once", 32, 1, 512),
    )
    table.finish()
    return read


def _mask(table: Table) -> dict[str, str]:
    masks = {name: table.text(name, MASKS[name], of=TREATMENTS) for name in MASKED}
    table.finish()
    return masks


def _send(table: Table) -> Send:
    way = table.text("way", "https", of=WAYS)
    send = Send(
        way,
        table.whole("every_s", 900, *LIMITS["send_every_s"]),
        table.whole("queue_mb", 500, 1, 1_000_000) * 1_048_576,
        table.switch("insecure", False),
        https_of(table.table("https")),
        ftps_of(table.table("ftps"), needed=way == "ftps"),
        sftp_of(table.table("sftp"), needed=way == "sftp"),
        mail_of(table.table("mail"), needed=way == "mail"),
        folder_of(table.table("folder"), needed=way == "folder"),
    )
    table.finish()
    return send


def _check_home(table: Table, configuration: Configuration) -> None:
    """Nothing goes out in the open, unless somebody says that it may."""
    send = configuration.send
    if send.way == "https":
        try:
            home = parse_web_address(configuration.home)
        except WebAddressError as error:
            table.problem("home", str(error), "Write for example https://platen.example.org.")
            return
        if home.scheme == "http":
            _open(table, send, "home", "Readings would go over HTTP, for everybody on the way to read.", "Use https.")
    open_ways = {"ftps": not send.ftps.tls, "mail": send.mail.security == "none"}
    if open_ways.get(send.way):
        sentence = f"Readings would go by {'FTP' if send.way == 'ftps' else 'mail'} in the open."
        _open(table, send, f"send.{send.way}", sentence, "Use TLS.")


def _open(table: Table, send: Send, name: str, sentence: str, advice: str) -> None:
    if send.insecure:
        table.problem(name, f"{sentence} send.insecure allows it.", advice, level=Level.WARNING)
    else:
        table.problem(name, sentence, f"{advice} Only where there is no other way, set send.insecure = true.")
