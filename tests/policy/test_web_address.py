"""Addresses of web servers as people write them."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.web_address import WebAddressError, parse_web_address


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        (" https://chat.example.org/hook?room=7 ", "chat.example.org", None),
        ("http://intranet:8080", "intranet", 8080),
        ("HTTPS://[2001:DB8::31]:65535/", "2001:db8::31", 65_535),
        ("https://127.0.0.1/a#b", "127.0.0.1", None),
    ],
)
def test_what_can_be_used(text: str, host: str, port: int | None) -> None:
    """The host and port are told; what was written stays but for the spaces around it."""
    address = parse_web_address(text)
    assert (address.text, address.host, address.port) == (text.strip(), host, port)


@pytest.mark.parametrize(
    "text",
    [
        *("", "https://", "https:///x", "ftp://a/", "chat.example.org", "javascript:alert(1)", "https://:80/"),
        *("http://[::1", "http://a b", "http://a/b c", "http://a\n/", "https://[nine]/", "http://[::1]x/"),
        *("http://127.0.0.1:99999/", "http://a:0/", "http://a:/", "http://a:x/", "http://a:-1/"),
        *("http://300.1.1.1/", "http://127.010.0.1/", "http://0x7f.1/", "http://a..b/", "http://-a/"),
        *("http://user:word@a/", "http://user@a/", "http://a/ü", f"http://a/{'x' * 2000}"),
    ],
)
def test_what_cannot_be_used(text: str) -> None:
    """Whatever cannot be asked is refused with a sentence, in which no password stands."""
    with pytest.raises(WebAddressError, match=r"\.$") as refused:
        parse_web_address(text)
    assert "word@" not in str(refused.value)


def test_what_some_may_hold() -> None:
    """Proxies may be signed in at; people's browsers open letters beyond ASCII; schemes can be fewer."""
    assert parse_web_address("http://u:p%40x@proxy:3128", may_sign_in=True).host == "proxy"
    assert parse_web_address("https://bücher.example/für", for_people=True).host == "xn--bcher-kva.example"
    with pytest.raises(WebAddressError, match="begins with https:// and"):
        parse_web_address("http://a/", schemes=("https",))


@given(st.text(max_size=40) | st.text(alphabet="htps:/[]@.%0x19a ü?#", max_size=40).map(lambda end: f"http://{end}"))
def test_nothing_else_is_raised(text: str) -> None:
    """Whatever is typed gives an address that can be split, or a sentence."""
    with contextlib.suppress(WebAddressError):
        for for_people in (False, True):
            assert urlsplit(parse_web_address(text, may_sign_in=True, for_people=for_people).text).hostname
