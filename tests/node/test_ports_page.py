"""What docs/ports.md says to who sets up a firewall."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from platen.fleet.models import Discovery, MailServer
from platen.policy.channels import PORT_IPP, PORT_IPPS, PORT_RAW
from platen.policy.device_uri import DEFAULT_PORTS, Channel
from platen.protocols.discovery.wsd import PORT as PORT_WS_DISCOVERY
from platen.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "ports.md").read_text("utf-8")


def test_every_listener_is_on_the_page() -> None:
    """Each port that a server listens on stands there with its setting and its default. SC-PORT-08, SC-PORT-25"""
    listeners = {each.name: each.default for each in fields(Settings) if each.name.endswith("_port")}
    listeners["port"] = next(each.default for each in fields(Settings) if each.name == "port")
    rows = re.findall(r"\| (?:TCP|UDP) (\d+) \| `PLATEN_(\w*PORT)`", PAGE)
    assert {name.lower(): int(number) for number, name in rows} == listeners


def test_every_port_of_devices_is_on_the_page() -> None:
    """Each port at which devices are printed to, asked and looked for stands there, and that of the mail server.
    SC-PORT-06, SC-PORT-23, SC-PORT-24, SC-PORT-25"""
    outward = PAGE.partition("## From the server")[2]
    numbers = {int(number) for number in re.findall(r"\b\d{3,5}\b", outward)}
    snmp = Discovery._meta.get_field("port").default
    mail = MailServer._meta.get_field("port").default
    used = {PORT_IPP, PORT_IPPS, PORT_RAW, PORT_WS_DISCOVERY, snmp, mail}
    assert used | {port for channel in Channel for port in DEFAULT_PORTS[channel]} <= numbers
