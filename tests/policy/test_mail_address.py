"""Mail addresses, with those of relays within a house."""

from __future__ import annotations

import pytest

from platen.policy.mail_address import is_mail_address


@pytest.mark.parametrize(
    "text",
    [
        *("root@mailhost", "a@b.c", "desk@example.org", "o'neil+printers@mail-1.example.org", "a@bücher.example"),
        *("a@[10.1.2.3]", "a@[IPv6:2001:db8::1]", "a@localhost"),
    ],
)
def test_hosts_of_every_length(text: str) -> None:
    """A relay of one label, short domains, and addresses in brackets take mail."""
    assert is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "nobody",
            "@host",
            "a@",
            "a b@host",
            "a@b c",
            "a@b..c",
            "a@b.",
            "a@-b",
            "a@1.2.3.4",
            "a@[host]",
            ".a@b",
            "a..b@c",
        ),
        *("a\n@b", "a@b\nBcc: c@d", "a,b@c", "a@b@c", "<a@b>", f"{'x' * 65}@b", f"a@{'b.' * 130}c", "ü@b"),
    ],
)
def test_what_is_none(text: str) -> None:
    """What would break a line of a mail's head, or names no host, is none."""
    assert not is_mail_address(text)
