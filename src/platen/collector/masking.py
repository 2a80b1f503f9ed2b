"""What a site keeps to itself: values that do not go out, or only as a token that stands for them.

A token is made with a key that never leaves the site (HMAC-SHA-256): the same value has the same token, so that a
machine stays the same machine at home, and nobody without the key can try out which value it was. What is kept back is
taken out of other texts of the reading as well: machines repeat their address, name or place in descriptions, and
makers let the name that somebody gave a machine stand behind its model.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from platen.collector import spellings
from platen.policy.fleet.collector import MASKED, TREATMENTS
from platen.readings.facts import Alert, Finisher, Identity, Reading, Supply

Clean = Callable[[str], str]


class Masks:
    """What is done with each value: "send", "token" or "nothing" (policy.fleet.collector)."""

    def __init__(self, treatments: Mapping[str, str], key: bytes) -> None:
        self._treatments = dict(treatments)
        self._key = key

    @property
    def mark(self) -> str:
        """The treatments in the order of MASKED, a digit each."""
        return "".join(str(TREATMENTS.index(self._treatments[name])) for name in MASKED)

    def beyond(self, mark: str) -> Masks | None:
        """What is still to be done with values that were masked with the treatments of `mark`; None: nothing."""
        more = dict.fromkeys(MASKED, "send")
        for name, before in zip(MASKED, mark, strict=False):
            if TREATMENTS.index(self._treatments[name]) > int(before):
                more[name] = self._treatments[name]
        return Masks(more, self._key) if set(more.values()) != {"send"} else None

    def address(self, address: str, mac: str = "") -> str:
        """An address as it goes out. One of IPv6 that is made of the hardware address is masked as that is."""
        kept = max(self._treatments["address"], self._of_eui64(address), key=("send", "token", "nothing").index)
        return self._value("address", address, kept)

    def reading(self, reading: Reading, address: str) -> Reading:
        """A reading as it goes out."""
        clean = self._cleaner(reading.identity, address)
        version = self._cleaner(reading.identity, address, addresses=False)
        identity = self._identity(reading.identity, clean, version)
        status = reading.status
        lights = {clean(name): light for name, light in status.lights.items()}
        console = tuple(map(clean, status.console)) if self._treatments["console"] == "send" else ()
        return replace(
            reading,
            identity=identity,
            status=replace(status, console=console, lights=lights),
            alerts=tuple(self._alert(alert, clean) for alert in reading.alerts),
            supplies=tuple(_supply(each, clean, version) for each in reading.supplies),
            trays=tuple(replace(each, name=clean(each.name), media=clean(each.media)) for each in reading.trays),
            notes=tuple(map(clean, reading.notes)),
            finishers=tuple(_finisher(each, clean, version) for each in reading.finishers),
            ports=tuple(replace(each, name=clean(each.name), resource=clean(each.resource)) for each in reading.ports),
        )

    def _identity(self, identity: Identity, clean: Clean, version: Clean) -> Identity:
        kept = {
            name: self._value(name, getattr(identity, name), self._treatments[name])
            for name in ("host_name", "location", "contact", "asset_number")
        }
        values: dict[str, Any] = {
            name: clean(value) if self._treatments[name] == "send" else value for name, value in kept.items()
        }
        return replace(
            identity,
            mac=self._mac(identity.mac),
            uuid=self._uuid(identity.uuid),
            model=clean(identity.model),
            firmware=version(identity.firmware),
            description=clean(identity.description),
            **values,
        )

    def _alert(self, alert: Alert, clean: Clean) -> Alert:
        """Its code and place say what it is; its words are the machine's, or of whoever wrote on its display."""
        sent = self._treatments["alert_text"] == "send"
        key = alert.key if sent else self._token("alert", alert.key)
        return replace(alert, description=clean(alert.description) if sent else "", key=clean(key))

    def _mac(self, mac: str) -> str:
        """A token of a hardware address looks like one: locally administered (IEEE 802, second lowest bit)."""
        if self._treatments["mac"] != "token" or not mac:
            return mac if self._treatments["mac"] == "send" else ""
        octets = bytearray(self._digest("mac", mac)[:6])
        octets[0] = octets[0] & 0xFC | 0x02
        return octets.hex()

    def _uuid(self, uuid: str) -> str:
        """Printers make theirs of their hardware address."""
        if self._treatments["mac"] != "token" or not uuid:
            return uuid if self._treatments["mac"] == "send" else ""
        digits = self._digest("uuid", uuid)[:16].hex()
        return "-".join((digits[:8], digits[8:12], f"8{digits[13:16]}", f"8{digits[17:20]}", digits[20:]))

    def _value(self, name: str, value: str, treatment: str) -> str:
        if treatment == "send" or not value:
            return value
        return self._token(name, value) if treatment == "token" else ""

    def _token(self, name: str, value: str) -> str:
        return f"{name.replace('_', '-')}-{self._digest(name, value)[:8].hex()}"

    def _digest(self, name: str, value: str) -> bytes:
        return hmac.new(self._key, f"{name}\n{value}".encode(), hashlib.sha256).digest()

    def _of_eui64(self, address: str) -> str:
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return "send"
        made_of_mac = parsed.version == 6 and parsed.packed[11:13] == b"\xff\xfe"
        return self._treatments["mac"] if made_of_mac else "send"

    def _cleaner(self, identity: Identity, address: str, *, addresses: bool = True) -> Clean:
        """Takes what is kept back out of a text.

        addresses: also whatever looks like the address of any machine; the number of a version may, and is none.
        """
        words: list[str] = []
        for name in ("location", "contact", "asset_number"):
            if self._treatments[name] != "send":
                words += spellings.of_text(getattr(identity, name))
        if self._treatments["host_name"] != "send":
            words += spellings.of_text(identity.host_name) + spellings.of_host(identity.host_name)
        if self._treatments["address"] != "send":
            words += spellings.of_text(address)
        if self._treatments["mac"] != "send":
            words += spellings.of_hardware(identity.mac)
        patterns = sorted(set(words), key=len, reverse=True)
        if addresses and self._treatments["address"] != "send":
            patterns += [spellings.IPV4, spellings.IPV6]
        if addresses and self._treatments["mac"] != "send":
            patterns.append(spellings.HARDWARE)
        compiled = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
        return lambda text: _without(text, compiled)


def _finisher(finisher: Finisher, clean: Clean, version: Clean) -> Finisher:
    """Its serial number goes out as the machine's does."""
    return replace(
        finisher,
        name=clean(finisher.name),
        maker=clean(finisher.maker),
        model=clean(finisher.model),
        version=version(finisher.version),
        abilities=tuple(map(clean, finisher.abilities)),
    )


def _supply(supply: Supply, clean: Clean, version: Clean) -> Supply:
    return replace(
        supply,
        description=clean(supply.description),
        color=version(supply.color),
        part_number=version(supply.part_number),
    )


def _without(text: str, patterns: list[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub("…", text)
    return text
