"""Which way a document goes to a device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.channels import DeviceChannels, IppSwitch, choose_channel, default_uris, preferred_uri
from platen.policy.device_uri import Channel, DeviceUri, DeviceUriError, parse_device_uri

ADDRESS = "10.20.4.31"


def attempts(**known: object) -> list[str]:
    return [str(uri) for uri in choose_channel(DeviceChannels(address=ADDRESS, **known)).attempts]  # type: ignore[arg-type]  # parametrised


class TestUris:
    @pytest.mark.parametrize(
        ("text", "uri", "ports"),
        [
            ("ipp://h/ipp/print", DeviceUri(Channel.IPP, "h", None, "/ipp/print"), (631,)),
            ("ipps://h/ipp/print", DeviceUri(Channel.IPPS, "h", None, "/ipp/print"), (631, 443)),
            ("ipps://h:443/ipp/print", DeviceUri(Channel.IPPS, "h", 443, "/ipp/print"), (443,)),
            ("IPP://Printer1.Example.ORG", DeviceUri(Channel.IPP, "printer1.example.org", None, "/"), (631,)),
            ("socket://10.20.4.31", DeviceUri(Channel.SOCKET, "10.20.4.31"), (9100,)),
            ("socket://[2001:DB8::31]:9101/", DeviceUri(Channel.SOCKET, "2001:db8::31", 9101), (9101,)),
            ("lpd://h/PASSTHRU", DeviceUri(Channel.LPD, "h", queue="PASSTHRU"), (515,)),
            (" lpd://h:5515/print ", DeviceUri(Channel.LPD, "h", 5515, queue="print"), (5515,)),
        ],
    )
    def test_read(self, text: str, uri: DeviceUri, ports: tuple[int, ...]) -> None:
        """The four kinds of address are read, with their usual ports where none is written. SC-CHAN-09"""
        assert parse_device_uri(text) == uri
        assert uri.ports == ports
        assert parse_device_uri(str(uri)) == uri

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "empty"),
            ("10.20.4.31", "does not say how to print"),
            ("http://h/ipp/print", "http:// is not a way to print"),
            ("ipp://", "host is missing"),
            ("ipp:///ipp/print", "host is missing"),
            ("ipp://10.20.4.311/ipp", "311 is more than 255"),
            ("ipp://10.20.4/ipp", "four numbers"),
            ("ipp://[2001:::1]/ipp", "faulty|IPv6"),
            ("socket://h:0", "1 to 65535"),
            ("socket://h:99999", "1 to 65535"),
            ("socket://h:", "leave out the colon"),
            ("socket://h:x", "1 to 65535"),
            ("socket://h/queue", "nothing after the port"),
            ("lpd://h", "name of one queue"),
            ("lpd://h/a/b", "name of one queue"),
            ("ipp://js:secret@h/ipp", "password"),
            ("ipp://h/ipp?waitjob=false", "goes on with"),
            ("ipp://h h/ipp", "no spaces"),
            ("ipp://-h/ipp", "not a host name"),
            ("ipp://" + "h" * 2000, "at most 1023"),
        ],
    )
    def test_refused_with_a_sentence(self, text: str, says: str) -> None:
        """A faulty address is refused with what is wrong and how to write it. SC-CHAN-10"""
        with pytest.raises(DeviceUriError, match=f"(?i){says}") as caught:
            parse_device_uri(text)
        assert "secret" not in str(caught.value)

    @given(st.one_of(st.text(max_size=60), st.text("ipslockdet:/[].@?#0123456789", max_size=40)))
    def test_any_text(self, text: str) -> None:
        """Any text is an address that is written back the same, or refused with a sentence. SC-CHAN-10"""
        for candidate in (text, f"ipp://{text}", f"lpd://{text}"):
            try:
                uri = parse_device_uri(candidate)
            except DeviceUriError:
                continue
            assert parse_device_uri(str(uri)) == uri


class TestChoice:
    def test_written_by_an_administrator(self) -> None:
        """An address that somebody set is the only one tried, whatever the switch says. SC-CHAN-10"""
        uri = parse_device_uri("lpd://h/q")
        for switch in IppSwitch:
            assert attempts(explicit_uri=uri, ipp=switch) == ["lpd://h/q"]

    def test_enabled(self) -> None:
        """With IPP enabled the secure address that the device names is taken, else its plain one.

        SC-CHAN-04, SC-CHAN-07, SC-CHAN-02, SC-CHAN-13, SC-CRYPT-03
        """
        both = ("ipp://h:631/ipp/print", "ipps://h:443/ipp/print")
        assert attempts(ipp=IppSwitch.ENABLED, printer_uri_supported=both) == ["ipps://h:443/ipp/print"]
        assert attempts(ipp=IppSwitch.ENABLED, printer_uri_supported=both[:1]) == ["ipp://h:631/ipp/print"]

    def test_enabled_and_nothing_named(self) -> None:
        """Without a named address the defaults are tried, secure ones first, and never raw printing.

        SC-CHAN-04, SC-CHAN-09
        """
        assert attempts(ipp=IppSwitch.ENABLED) == [
            "ipps://10.20.4.31:443/ipp/print",
            "ipps://10.20.4.31:631/ipp/print",
            "ipp://10.20.4.31:631/ipp/print",
        ]

    def test_disabled(self) -> None:
        """With IPP disabled the document goes raw to port 9100, whatever is remembered or named.

        SC-CHAN-05, SC-CHAN-08, SC-PORT-23
        """
        remembered = default_uris(ADDRESS)[0]
        known = {"remembered": remembered, "printer_uri_supported": ("ipp://h/ipp/print",)}
        assert attempts(ipp=IppSwitch.DISABLED, **known) == ["socket://10.20.4.31:9100"]

    def test_undefined_the_first_time(self) -> None:
        """Where nothing is known IPP is tried at its usual path and then raw 9100, and the result is kept.

        SC-CHAN-06, SC-CHAN-08
        """
        choice = choose_channel(DeviceChannels(address=ADDRESS))
        assert choice.attempts == (*default_uris(ADDRESS), DeviceUri(Channel.SOCKET, ADDRESS, 9100))
        assert choice.remember

    @pytest.mark.parametrize("text", ["socket://10.20.4.31:9100", "ipps://10.20.4.31:631/ipp/print"])
    def test_undefined_afterwards(self, text: str) -> None:
        """What answered before is used at once, without a delay for trying. SC-CHAN-06"""
        choice = choose_channel(DeviceChannels(address=ADDRESS, remembered=parse_device_uri(text)))
        assert [str(uri) for uri in choice.attempts] == [text]
        assert not choice.remember

    def test_unreadable_addresses_are_passed_over(self) -> None:
        """A device's mistake in one of its addresses does not hide the others. SC-CHAN-10"""
        assert preferred_uri(("ipps://[", "http://h/", "ipp://h/ipp/print")) == parse_device_uri("ipp://h/ipp/print")
        assert preferred_uri(("http://h/",)) is None
