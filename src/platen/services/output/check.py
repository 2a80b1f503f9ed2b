"""Trying out an address before a device is added: which of its printer URIs to use, and what it says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from platen.policy.channels import DeviceChannels, choose_channel, preferred_uri
from platen.policy.device_uri import DeviceUri, parse_device_uri
from platen.services.output.capabilities import Capabilities, ask_capabilities
from platen.services.output.channels import open_channel
from platen.services.output.errors import DeviceError
from platen.services.output.ipp_client import IppClient
from platen.services.output.results import Report

CHECK_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCheck:
    """What trying an address brought.

    uri: the address to use; None where none answered. uris: every address that the device names. problems: a sentence
    for each address that did not answer.
    """

    uri: str | None
    uris: tuple[str, ...] = ()
    report: Report | None = None
    problems: tuple[str, ...] = ()


async def check_device(
    address: str, *, pjl_status: bool = False, tls_verify: bool = False, timeout_s: float = CHECK_TIMEOUT_S
) -> DeviceCheck:
    """Ask a device at a URI how it is; of a bare host, find out how to print there (policy.channels).

    Raises: DeviceUriError.
    """
    if "://" not in address:
        host = parse_device_uri(f"ipp://{address}").host
        attempts = choose_channel(DeviceChannels(address=host)).attempts
        return await first_that_answers(attempts, tls_verify=tls_verify, timeout_s=timeout_s)
    uri = parse_device_uri(address)
    if uri.channel.is_ipp:
        return await _check_ipp(uri, tls_verify, timeout_s, choose=False)
    return await _check_stream(uri, pjl_status, timeout_s)


async def first_that_answers(
    attempts: Sequence[DeviceUri], *, tls_verify: bool = False, timeout_s: float = CHECK_TIMEOUT_S
) -> DeviceCheck:
    """Try addresses in their order. Where IPP answers, the device's own IPPS address is preferred when it names one."""
    problems: list[str] = []
    for uri in attempts:
        if uri.channel.is_ipp:
            found = await _check_ipp(uri, tls_verify, timeout_s, choose=True)
        else:
            found = await _check_stream(uri, False, timeout_s)
        problems += found.problems
        if found.uri is not None:
            return replace(found, problems=tuple(problems))
    return DeviceCheck(uri=None, problems=tuple(problems))


async def _check_ipp(uri: DeviceUri, tls_verify: bool, timeout_s: float, *, choose: bool) -> DeviceCheck:
    client = IppClient(uri, tls_verify=tls_verify, timeout_s=timeout_s)
    try:
        known = await ask_capabilities(client)
    except DeviceError as error:
        return DeviceCheck(uri=None, problems=(f"{uri}: {error}",))
    finally:
        client.close()
    named = known.attributes.texts("printer-uri-supported")
    best = await _preferred(uri, known, tls_verify, timeout_s) if choose else uri
    return DeviceCheck(uri=str(best), uris=named, report=known.report())


async def _preferred(answered: DeviceUri, known: Capabilities, tls_verify: bool, timeout_s: float) -> DeviceUri:
    """The IPPS address that the device names, if that answers too: devices name addresses that others cannot reach."""
    named = preferred_uri(known.attributes.texts("printer-uri-supported"))
    if named is None or named.channel == answered.channel:
        return answered
    client = IppClient(named, tls_verify=tls_verify, timeout_s=timeout_s)
    try:
        await ask_capabilities(client)
    except DeviceError:
        return answered
    finally:
        client.close()
    return named


async def _check_stream(uri: DeviceUri, pjl_status: bool, timeout_s: float) -> DeviceCheck:
    async def ignore(_: Report) -> None:
        """Nothing is kept of a device that is only tried."""

    channel = open_channel(uri, pjl_status=pjl_status, tls_verify=False, timeout_s=timeout_s, on_report=ignore)
    try:
        report = await channel.report()
    except DeviceError as error:
        return DeviceCheck(uri=None, problems=(f"{uri}: {error}",))
    return DeviceCheck(uri=str(uri), uris=(str(uri),), report=report)
