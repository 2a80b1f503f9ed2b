"""What may be a card number, an ID code, a PIN, a PUK, a logon: shapes and lengths, with the reason when it is not.

Nothing here stores or compares secrets; that is done with keyed hashes and argon2id where they are kept.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol

CODE_LENGTH_MAX = 39
PIN_LENGTH_MIN = 4
PIN_LENGTH_MAX = 16
PUK_LENGTH = 8
# Twenty in the systems this one takes over from. Directories have longer names, so the limit is that of a domain name.
LOGON_LENGTH_MAX = 255
ALIAS_LENGTH_MAX = 255
DOMAIN_LENGTH_MAX = 255
FULL_NAME_LENGTH_MAX = 255
EMAIL_LENGTH_MAX = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
DESCRIPTION_LENGTH_MAX = 255
COST_CODE_LENGTH_MAX = 50
BILLING_CODE_LENGTH_MAX = 50
EXPORT_LABEL_LENGTH_MAX = 20
LOGON_DOMAIN_HINT = "A logon must not hold a backslash. Write the domain before it as the domain, on its own."
EMAIL_SHAPE_HINT = "Write it like name@example.org."


class CredentialError(ValueError):
    """A code, PIN or name cannot be used; the text says why and what can. It never repeats a secret."""


class DigitSource(Protocol):
    """Where random choices come from; `secrets.SystemRandom()` in the running program."""

    def randrange(self, stop: int, /) -> int:
        """A number from 0 up to but not including stop."""


def check_code(code: str) -> str:
    """An ID code or card number, unchanged: 1 to 39 printable characters, case counts, no space at either end.

    Raises: CredentialError.
    """
    if not code:
        raise CredentialError("A card or ID code needs at least one character.")
    if len(code) > CODE_LENGTH_MAX:
        raise CredentialError(f"This code has {len(code)} characters; {CODE_LENGTH_MAX} are the most.")
    if not code.isprintable():
        raise CredentialError(
            "This code has an unprintable character. Check what the reader sends before and after it."
        )
    if code != code.strip():
        raise CredentialError("This code begins or ends with a space. Leave the space out.")
    return code


def check_pin(pin: str) -> str:
    """A PIN of 4 to 16 digits, unchanged. Raises: CredentialError; also for one that is easy to guess."""
    if not (pin.isascii() and pin.isdigit()) or not PIN_LENGTH_MIN <= len(pin) <= PIN_LENGTH_MAX:
        raise CredentialError(f"A PIN has {PIN_LENGTH_MIN} to {PIN_LENGTH_MAX} digits and nothing else.")
    reason = pin_weakness(pin)
    if reason is not None:
        raise CredentialError(f"{reason} Choose another PIN.")
    return pin


def pin_weakness(pin: str) -> str | None:
    """Why a PIN is among the first that somebody would try, as a sentence; None for one that is not."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps == {0}:
        return "This PIN repeats one digit."
    if steps in ({1}, {9}):
        return "This PIN counts up or down."
    half = len(pin) // 2
    if len(pin) % 2 == 0 and pin[:half] == pin[half:]:
        return "This PIN repeats its first half."
    if pin in _WELL_KNOWN:
        return "This PIN is among the best known."
    return None


# The keypad's middle column and corners, and a film; the families above cover the rest of every list of common PINs.
_WELL_KNOWN = frozenset({"2580", "0852", "1397", "7913", "1379", "0007", "147258", "159753", "14725836"})


def random_pin(random: DigitSource, length: int = PIN_LENGTH_MIN) -> str:
    """A PIN that passes check_pin, every such PIN being equally likely."""
    if not PIN_LENGTH_MIN <= length <= PIN_LENGTH_MAX:
        raise CredentialError(f"A PIN has {PIN_LENGTH_MIN} to {PIN_LENGTH_MAX} digits.")
    while True:  # at most one in fifty is weak
        pin = _digits(random, length)
        if pin_weakness(pin) is None:
            return pin


def random_puk(random: DigitSource) -> str:
    """A PUK: eight digits, each equally likely, leading zeros included."""
    return _digits(random, PUK_LENGTH)


def check_puk(puk: str) -> str:
    """A PUK as typed, unchanged: exactly eight digits. Raises: CredentialError."""
    if len(puk) != PUK_LENGTH or not (puk.isascii() and puk.isdigit()):
        raise CredentialError(f"A PUK has exactly {PUK_LENGTH} digits. It is in the message that was sent to you.")
    return puk


def _digits(random: DigitSource, length: int) -> str:
    return f"{random.randrange(10**length):0{length}d}"


def check_logon(logon: str) -> str:
    r"""A logon: 1 to 255 printable characters, no space at either end, and no backslash, which parts off a domain."""
    if "\\" in logon:
        raise CredentialError(LOGON_DOMAIN_HINT)
    return _name(logon, "logon", LOGON_LENGTH_MAX, forbidden="")


def check_alias(alias: str) -> str:
    """A further name that a person prints under, with the rules of a logon."""
    return _name(alias, "alias", ALIAS_LENGTH_MAX, forbidden="\\")


def check_domain(domain: str) -> str:
    r"""A domain, short (`ACME`) or as in DNS (`acme.example.org`)."""
    return _name(domain, "domain", DOMAIN_LENGTH_MAX, forbidden="\\@ ")


def check_full_name(name: str) -> str:
    """A person's name as it is to be shown."""
    return _name(name, "name", FULL_NAME_LENGTH_MAX, forbidden="")


def check_email(address: str) -> str:
    """An e-mail address, by its shape alone: only a message shows that it exists."""
    _name(address, "e-mail address", EMAIL_LENGTH_MAX, forbidden=' ,;<>\\"')
    local, at, domain = address.rpartition("@")
    if not at or not local or "@" in local or not domain or domain.startswith(".") or domain.endswith("."):
        raise CredentialError(f"{address} is not an e-mail address. {EMAIL_SHAPE_HINT}")
    return address


def _name(value: str, what: str, length_max: int, *, forbidden: str) -> str:
    if not value or value != value.strip():
        raise CredentialError(f"This {what} is empty, or begins or ends with a space.")
    if len(value) > length_max:
        raise CredentialError(f"This {what} has {len(value)} characters; {length_max} are the most.")
    wrong = next((c for c in value if not c.isprintable() or c in forbidden), None)
    if wrong is not None:
        named = "a space" if wrong == " " else ascii(wrong)
        raise CredentialError(f"This {what} must not hold {named}.")
    return value
