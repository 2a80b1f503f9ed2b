"""The node's settings: one typed object, read once at start.

Every field can be set by an environment variable (`PLATEN_` and the field's name in capitals) or in the TOML file that
`PLATEN_CONFIG` names (default `platen.toml` in the data directory). The environment wins over the file, the file over
the default. What an organisation decides for itself (who may print, how long a job is kept) is not here: it lives in
the database, per tenant.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import quote

PREFIX = "PLATEN_"


class SettingsError(ValueError):
    """A setting cannot be used; the text names it, says why, and how to write it."""


def _setting(default: Any, doc: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"doc": doc, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one node. Ports: 0 asks the system for a free one, -1 switches the listener off."""

    data: Path = _setting(Path("data"), "Data directory: database, spool, keys, certificates.")
    config: Path | None = _setting(None, "TOML file with settings; default: platen.toml in the data directory.")
    bind: str = _setting("0.0.0.0", "Address that every listener binds to.")  # noqa: S104  # a print server serves a network
    port: int = _setting(8631, "Port of console, API, panel and IPP.")
    tls_port: int = _setting(8643, "Port of the same over TLS (IPPS, HTTPS).")
    force_https: bool = _setting(False, "Send whoever asks for a page or the API without TLS to the same over TLS.")
    lpd_port: int = _setting(8515, "LPD port (RFC 1179 names 515, which needs privileges).")
    raw_port: int = _setting(8910, "Raw port of the default pull queue (9100 is the usual one).")
    reader_port: int = _setting(5420, "Port that Ethernet card readers connect to.")
    trap_port: int = _setting(8162, "UDP port for SNMP traps (162 is the usual one, which needs privileges).")
    public_url: str = _setting(
        "", "Address that people and clients reach this node at, e.g. https://print.example.org."
    )
    database: str = _setting(
        "", "Database URL; default: SQLite in the data directory. postgresql://user:password@host/name", secret=True
    )
    services: str = _setting(
        "console,print,panel,output,work,collect", "Services that this node runs, separated by commas."
    )
    dnssd: bool = _setting(True, "Announce the queues with DNS-SD (Bonjour).")
    tls_certificate: Path | None = _setting(
        None, "PEM certificate chain; default: a self-signed one in the data directory."
    )
    tls_key: Path | None = _setting(None, "PEM private key that belongs to the certificate.")
    trusted_proxies: str = _setting(
        "", "Addresses of reverse proxies whose forwarding headers are believed, by commas."
    )
    document_bytes_max: int = _setting(4 * 1024**3, "Largest document accepted, in octets.")
    spool_free_bytes_min: int = _setting(
        256 * 1024**2, "Jobs are refused while less than this is free on the spool's disk."
    )
    intake_body_timeout_s: float = _setting(60.0, "Longest silence in the middle of a request before it is dropped.")
    intake_header_timeout_s: float = _setting(20.0, "Longest time from connecting to a complete HTTP request head.")
    idle_timeout_s: float = _setting(75.0, "A kept-alive connection without request is closed after this.")
    connections_max: int = _setting(12_000, "Open connections at a time; more are refused.")
    analysis_workers: int = _setting(2, "Processes that look into documents; 0 switches analysis off.")
    output_retry_s: float = _setting(10.0, "Pause before an unreachable device is tried again.")
    output_timeout_s: float = _setting(30.0, "Longest wait for a device to connect or to accept data.")
    panel_timeout_s: int = _setting(60, "A panel signs a person out after this long without a touch.")
    stop_timeout_s: float = _setting(20.0, "What is in flight gets this long to finish when the server stops.")
    log_level: str = _setting("info", "debug, info, warning or error.")
    log_json: bool = _setting(False, "Write the log as JSON lines (default: readable on a terminal).")
    demo: bool = _setting(False, "Set by `platen demo`: the panel may show a card to swipe on the screen.")

    @property
    def database_url(self) -> str:
        """The database URL in force."""
        return self.database or f"sqlite://{quote(str(self.data.resolve() / 'platen.sqlite3'))}"

    @property
    def service_names(self) -> frozenset[str]:
        """The services this node runs."""
        return frozenset(name.strip() for name in self.services.split(",") if name.strip())

    @property
    def reads_documents(self) -> bool:
        """Whether this node looks into documents."""
        return self.analysis_workers > 0 and "work" in self.service_names


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a setting's value came from, for `platen settings`."""

    name: str
    value: object
    source: str  # "default", "environment PLATEN_X" or the file's path
    doc: str
    secret: bool


LONGEST_S = 30 * 24 * 3600.0
_LEAST = {
    "document_bytes_max": 1024,
    "spool_free_bytes_min": 0,
    "connections_max": 1,
    "analysis_workers": 0,
}
SERVICES = frozenset({"console", "print", "panel", "output", "work", "collect"})


def load(environ: Mapping[str, str] | None = None) -> tuple[Settings, list[Origin]]:
    """Read settings from environment and file.

    Returns: the settings, and for each field its value and where it came from.
    Raises: SettingsError, naming the setting and how to write it.
    """
    environ = os.environ if environ is None else environ
    path = _config_path(environ)
    from_file = _read_toml(path)
    hints = get_type_hints(Settings)
    values: dict[str, object] = {}
    origins: list[Origin] = []
    for each in fields(Settings):
        variable = PREFIX + each.name.upper()
        source = "default"
        value: object = each.default
        if each.name in from_file:
            value, source = _convert(each.name, hints[each.name], from_file.pop(each.name), str(path)), str(path)
        if variable in environ:
            value = _convert(variable, hints[each.name], environ[variable], "the environment")
            source = f"environment {variable}"
        values[each.name] = value
        origins.append(Origin(each.name, value, source, each.metadata["doc"], each.metadata["secret"]))
    if from_file:
        known = ", ".join(each.name for each in fields(Settings))
        raise SettingsError(f"{path}: {', '.join(sorted(from_file))}: no such setting. Known: {known}.")
    settings = Settings(**values)  # type: ignore[arg-type]  # each value was converted to its field's type above
    _check(settings)
    return settings, origins


def _config_path(environ: Mapping[str, str]) -> Path:
    if PREFIX + "CONFIG" in environ:
        path = Path(environ[PREFIX + "CONFIG"]).expanduser()
        if not path.is_file():
            raise SettingsError(f"PLATEN_CONFIG names {path}, which is not a file. Correct it or leave it out.")
        return path
    return Path(environ.get(PREFIX + "DATA") or "data").expanduser() / "platen.toml"


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. Let the server's user read it.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text. Write it anew with a text editor.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path} is not TOML: {error}. Write one setting a line, for example: port = 8631"
        ) from error


_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _bool(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


def _path(text: str) -> Path:
    if not text.strip():
        raise ValueError(text)
    return Path(text).expanduser()


_CONVERTERS: dict[object, tuple[Callable[[str], object], str]] = {
    int: (int, "a whole number, for example 8631"),
    float: (float, "a number, for example 2.5"),
    bool: (_bool, "true or false"),
    str: (str, "a text"),
    Path: (_path, "a path, for example /var/lib/platen"),
    Path | None: (lambda text: Path(text).expanduser() if text else None, "a path"),
}


def _convert(name: str, hint: object, value: object, where: str) -> object:
    convert, how = _CONVERTERS[hint]
    if isinstance(value, list | dict):
        raise SettingsError(f"{name} in {where} cannot be a list or a table. Write {how}.")
    try:
        return convert(str(value))
    except ValueError as error:
        raise SettingsError(f"{name}={value!r} in {where} cannot be used. Write {how}.") from error


def _check(settings: Settings) -> None:
    unknown = settings.service_names - SERVICES
    if not settings.service_names:
        raise SettingsError(
            f"services names none. Write one or more of {', '.join(sorted(SERVICES))}, or leave it out."
        )
    if unknown:
        raise SettingsError(f"services: {', '.join(sorted(unknown))} unknown. Known: {', '.join(sorted(SERVICES))}.")
    for name in ("port", "tls_port", "lpd_port", "raw_port", "reader_port", "trap_port"):
        if not -1 <= getattr(settings, name) <= 65535:
            raise SettingsError(
                f"{name}={getattr(settings, name)} is not a port. Write 1 to 65535, 0 for a free one, -1 for off."
            )
    for name in ("port", "lpd_port", "raw_port", "reader_port"):
        _check_not_shared(settings, name)
    for each in fields(Settings):
        value = getattr(settings, each.name)
        if each.name.endswith("_s") and not 0 < value < LONGEST_S:
            raise SettingsError(f"{each.name}={value} is no time to wait. Write a number of seconds above 0.")
        if each.name in _LEAST and value < _LEAST[each.name]:
            raise SettingsError(f"{each.name}={value} is too small. Write {_LEAST[each.name]} or more.")
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise SettingsError("tls_certificate and tls_key belong together. Set both, or none for a certificate of ours.")
    if settings.public_url and not settings.public_url.startswith(("http://", "https://")):
        raise SettingsError(f"public_url={settings.public_url!r} is no address. Write https://print.example.org.")
    if settings.force_https and settings.tls_port < 1 and not settings.public_url.startswith("https://"):
        raise SettingsError("force_https needs a tls_port, or a public_url that begins with https://. Set one of them.")
    if settings.log_level not in {"debug", "info", "warning", "error"}:
        raise SettingsError(f"log_level={settings.log_level!r} is unknown. Write debug, info, warning or error.")


def _check_not_shared(settings: Settings, name: str) -> None:
    """Two listeners on one port would only show when the second one starts."""
    number = getattr(settings, name)
    others = {"port", "tls_port", "lpd_port", "raw_port", "reader_port"} - {name}
    for other in sorted(others):
        if number > 0 and number == getattr(settings, other):
            raise SettingsError(f"{name} and {other} are both {number}. Give each a port of its own, or -1 for off.")
