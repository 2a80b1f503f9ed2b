"""Web addresses that people give to the fleet: where events are told, tokens are had, more is written."""

from __future__ import annotations

from collections.abc import Collection

from platen.fleet.errors import InvalidValue
from platen.policy.web_address import WEB, WebAddressError, parse_web_address


def checked_web_address(
    text: str, *, schemes: Collection[str] = WEB, may_sign_in: bool = False, for_people: bool = False
) -> str:
    """The address without the spaces around it, by the rule of policy.web_address. Raises: InvalidValue."""
    try:
        return parse_web_address(text, schemes=schemes, may_sign_in=may_sign_in, for_people=for_people).text
    except WebAddressError as error:
        raise InvalidValue(str(error)) from error
