"""An address as a person types it becomes one that a device keeps: a bare host is asked once how it takes documents."""

from __future__ import annotations

import asyncio

from django.utils.translation import gettext as _

from platen.devices.errors import InvalidValue
from platen.policy.device_uri import DeviceUriError
from platen.services.output.check import DeviceCheck, check_device

# Somebody waits for the answer of up to four addresses.
SETTLE_TIMEOUT_S = 3.0


def settled_uri(address: str) -> str:
    """The URI to keep: the address itself where it says how to print, else the first way in that answers.

    IPPS comes first, then IPP, then raw data at port 9100. Takes seconds where nothing answers; not for an event loop's
    thread.
    Raises: InvalidValue.
    """
    address = address.strip()
    if not address or "://" in address:
        return address
    try:
        found: DeviceCheck = asyncio.run(check_device(address, timeout_s=SETTLE_TIMEOUT_S))
    except DeviceUriError as error:
        raise InvalidValue(str(error)) from error
    if found.uri is None:
        raise InvalidValue(
            _(
                "%(host)s does not answer, neither by IPP nor at port 9100. Switch it on, or write the way as well, "
                "for example socket://%(host)s:9100."
            )
            % {"host": address}
        )
    return found.uri
