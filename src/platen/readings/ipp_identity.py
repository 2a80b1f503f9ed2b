"""Who a machine is, from what it answers to Get-Printer-Attributes (RFC 8011, PWG 5100.13, PWG 5100.22)."""

from __future__ import annotations

import re

from platen.protocols.ipp.values import Attributes
from platen.readings.device_id import parse_device_id
from platen.readings.facts import Identity
from platen.readings.identity import NO_MODEL, plausible_serial
from platen.readings.ipp_values import text_of, texts_of
from platen.readings.maker_names import maker_named, without_maker
from platen.readings.makers import maker_table, makers
from platen.readings.uuid_parts import mac_in, serial_in

_NO_FIRMWARE = frozenset(
    {"ipp", "ipps", "jpeg", "jpg", "pdf", "urf", "pwg", "pwg raster", "pcl", "pclm", "postscript", "png"}
)
"""Names of printer-firmware-name that are those of a protocol or a format, whose version comes with them."""
_FIRMWARE_KEYS = ("FWVER", "FW", "VER")
"""Of the identification string; Canon's ink printers have their firmware's version under VER."""
_HOST = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*\.?")
_NO_HOSTS = frozenset({"ipp", "print", "printer", "localhost", "lp", "queue"})
_HOST_OF_URI = re.compile(r"[a-z]+://(?:[^/@]*@)?([^/:\[\]]+)", re.IGNORECASE)
_URIS = ("printer-uri-supported", "printer-more-info")
_LOCAL_NAME = re.compile(r"\.local\.?$", re.IGNORECASE)


def read_identity(attributes: Attributes) -> Identity:
    """Names of the identification string where the attributes of their own say nothing."""
    device_id = _device_id(attributes)
    named = _named(attributes, device_id)
    table = maker_table((), named) if named else None
    names = (device_id.get("MFG", ""), named, device_id.get("MDL", ""), device_id.get("DES", ""))
    maker = next(filter(None, map(maker_named, names)), "") or (table.brand if table else "")
    model = makers().described(table, named).get("model", named) if table else named
    uuid = text_of(attributes, "printer-uuid").lower().removeprefix("urn:uuid:")
    sides = attributes.get("sides-supported")
    color = attributes.first("color-supported")
    return Identity(
        maker=maker,
        model=without_maker(" ".join(model.split()), maker),
        serial=_serial(attributes, device_id, uuid),
        asset_number=text_of(attributes, "printer-asset-tag"),
        firmware=_firmware(attributes) or next(filter(None, map(device_id.get, _FIRMWARE_KEYS)), "") or "",
        mac=mac_in(uuid),
        uuid=uuid,
        host_name=_host_name(attributes),
        location=text_of(attributes, "printer-location"),
        contact=_contact(attributes),
        color=color if isinstance(color, bool) else None,
        duplex=any(side.startswith("two-sided") for side in attributes.texts("sides-supported")) if sides else None,
        functions=frozenset({"print"}) if len(attributes) else frozenset(),
    )


def _device_id(attributes: Attributes) -> dict[str, str]:
    """Of print servers that only speak IPP/1.1 it stands in printer-info."""
    given = parse_device_id(text_of(attributes, "printer-device-id"))
    if given:
        return given
    informal = parse_device_id(text_of(attributes, "printer-info"))
    return informal if informal.keys() & {"MFG", "MDL"} else {}


def _named(attributes: Attributes, device_id: dict[str, str]) -> str:
    """Maker and model in one, the first that is more than a word for printers in general."""
    names = (text_of(attributes, "printer-make-and-model").replace("(R)", ""), device_id.get("MDL", ""))
    return next((name for name in names if name.casefold().strip(" .") not in NO_MODEL), "")


def _serial(attributes: Attributes, device_id: dict[str, str], uuid: str) -> str:
    told = (text_of(attributes, "printer-serial-number"), device_id.get("SN", ""), serial_in(uuid))
    return next(filter(None, map(plausible_serial, told)), "")


def _firmware(attributes: Attributes) -> str:
    """Of several versions the machine's own."""
    names = texts_of(attributes, "printer-firmware-name")
    versions = texts_of(attributes, "printer-firmware-string-version")
    for place, version in enumerate(versions):
        name = names[place].casefold() if place < len(names) else ""
        if version and name not in _NO_FIRMWARE:
            return version
    return ""


def _host_name(attributes: Attributes) -> str:
    """printer-name where it is one, as many machines have it; else the name in its addresses; else what people see."""
    name = text_of(attributes, "printer-name")
    if _is_host(name):
        return name
    for uri in (uri for attribute in _URIS for uri in texts_of(attributes, attribute)):
        found = _HOST_OF_URI.match(uri)
        if found and _is_host(found[1]):
            return _LOCAL_NAME.sub("", found[1]).rstrip(".")
    return text_of(attributes, "printer-dns-sd-name")


def _is_host(name: str) -> bool:
    return _HOST.fullmatch(name) is not None and name.casefold() not in _NO_HOSTS


def _contact(attributes: Attributes) -> str:
    """printer-contact-col (PWG 5100.22): a person's name, else where to write or call."""
    contact = attributes.collection("printer-contact-col")
    if contact is None:
        return ""
    return text_of(contact, "contact-name") or text_of(contact, "contact-uri").removeprefix("mailto:")
