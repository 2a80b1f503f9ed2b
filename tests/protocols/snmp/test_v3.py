"""SNMPv3: keys, signatures, encryption and the messages around them."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.protocols.snmp import AuthProtocol, Pdu, PduKind, PrivProtocol, SnmpError, Tag, UsmUser, VarBind
from platen.protocols.snmp.messages import encode_pdu
from platen.protocols.snmp.usm import Engine, decrypt, encrypt, keys_at, localized, password_key, signature
from platen.protocols.snmp.v3 import (
    UNKNOWN_ENGINE_ID,
    NotAuthentic,
    encode_v3,
    open_v3,
    read_v3,
    report_reason,
    require_level,
)
from tests.protocols.snmp.strategies import OF_V2, pdus

RFC_3414_ENGINE = bytes.fromhex("000000000000000000000002")
ENGINE = Engine(bytes.fromhex("80001f8880e9630000d61ff449"), 17, 86_400)
PASSWORD, PRIVATE = "maplesyrup", "mapleleaves"
USERS = [
    UsmUser("nobody"),
    *(UsmUser(f"signs-{auth.name}", auth, PASSWORD) for auth in AuthProtocol),
    *(UsmUser(f"hides-{priv.name}", AuthProtocol.SHA_256, PASSWORD, priv, PRIVATE) for priv in PrivProtocol),
    UsmUser("in-context", AuthProtocol.MD5, PASSWORD, PrivProtocol.DES, PRIVATE, context_name="fax"),
]
USER = UsmUser("hides", AuthProtocol.SHA_256, PASSWORD, PrivProtocol.AES_128, PRIVATE)
ANSWER = Pdu(PduKind.RESPONSE, 0x123456, [VarBind((1, 3, 6, 1), Tag.OCTET_STRING, b"secret meters")])


def message_of(user: UsmUser | None, pdu: Pdu = ANSWER, engine: Engine = ENGINE) -> bytes:
    return encode_v3(encode_pdu(pdu), pdu.request_id, user, engine, salt=7)


def opened(octets: bytes) -> Pdu:
    message = read_v3(octets)
    require_level(message, USER)
    return open_v3(message, USER).pdu


class TestKeys:
    @pytest.mark.parametrize(
        ("hash_name", "key", "at_engine"),
        [
            ("md5", "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b"),
            (
                "sha1",
                "9fb5cc0381497b3793528939ff788d5d79145211",
                "6695febc9288e36282235fc7151f128497b38f3f",
            ),
        ],
    )
    def test_the_examples_of_the_standard(self, hash_name: str, key: str, at_engine: str) -> None:
        """RFC 3414 section A.3: the password "maplesyrup" at the engine that ends in 2."""
        assert password_key(hash_name, b"maplesyrup").hex() == key
        assert localized(hash_name, bytes.fromhex(key), RFC_3414_ENGINE).hex() == at_engine

    def test_a_password_longer_than_the_hash_block_is_repeated_whole(self) -> None:
        """The megabyte is cut, not the password: one octet more at its end is another key."""
        assert password_key("md5", b"x" * 100 + b"y") != password_key("md5", b"x" * 100 + b"z")

    @pytest.mark.parametrize("priv", PrivProtocol)
    def test_every_cipher_gets_a_key_of_its_length(self, priv: PrivProtocol) -> None:
        """A hash of 16 octets is extended for the ciphers that take more; the two ways differ."""
        keys = keys_at(UsmUser("u", AuthProtocol.MD5, PASSWORD, priv, PRIVATE), ENGINE.engine_id)
        assert len(keys.priv) == priv.key_octets

    def test_the_two_extensions_begin_alike_and_go_on_differently(self) -> None:
        """Blumenthal and Reeder extend the same localised key."""
        blumenthal, reeder = (
            keys_at(UsmUser("u", AuthProtocol.MD5, PASSWORD, priv, PRIVATE), ENGINE.engine_id).priv
            for priv in (PrivProtocol.AES_256, PrivProtocol.AES_256_CISCO)
        )
        assert blumenthal[:16] == reeder[:16]
        assert blumenthal[16:] != reeder[16:]

    def test_reeders_extension_repeats_key_making(self) -> None:
        """draft-reeder section 2.1: the second half is the key of the first half taken for a password."""
        key = keys_at(UsmUser("u", AuthProtocol.MD5, PASSWORD, PrivProtocol.TRIPLE_DES, PRIVATE), RFC_3414_ENGINE).priv
        assert key[16:] == localized("md5", password_key("md5", key[:16]), RFC_3414_ENGINE)

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("u", None, "", PrivProtocol.DES, PRIVATE), "also signs"),
            (("u", AuthProtocol.SHA, "short"), "at least 8"),
            (("u", AuthProtocol.SHA, PASSWORD, PrivProtocol.DES, "short"), "encryption password"),
            (("",), "name"),
            (("u" * 33,), "name"),
        ],
    )
    def test_users_that_cannot_be_are_refused(self, arguments: tuple[str, ...], told: str) -> None:
        """The sentence says what to do."""
        with pytest.raises(SnmpError, match=told):
            UsmUser(*arguments)  # type: ignore[arg-type]

    def test_passwords_are_not_shown(self) -> None:
        """Neither a user nor its keys print what is secret."""
        assert PASSWORD not in repr(USER)
        assert PRIVATE not in repr(USER)
        assert "b'" not in repr(keys_at(USER, ENGINE.engine_id))


class TestSignaturesAndCiphers:
    @pytest.mark.parametrize(
        ("auth", "octets"),
        [
            (AuthProtocol.MD5, 12),
            (AuthProtocol.SHA, 12),
            (AuthProtocol.SHA_224, 16),
            (AuthProtocol.SHA_256, 24),
            (AuthProtocol.SHA_384, 32),
            (AuthProtocol.SHA_512, 48),
        ],
    )
    def test_signatures_have_the_length_of_the_standard(self, auth: AuthProtocol, octets: int) -> None:
        """RFC 3414 sections 6 and 7; RFC 7860 section 4.1."""
        assert len(signature(auth, b"key", b"message")) == octets

    def test_a_signature_is_the_known_hmac(self) -> None:
        """RFC 2202, test case 2 of HMAC-MD5, and RFC 4231, test case 2 of HMAC-SHA-256, cut."""
        text = b"what do ya want for nothing?"
        assert signature(AuthProtocol.MD5, b"Jefe", text).hex() == "750c783e6ab0b503eaa86e31"
        full = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        assert signature(AuthProtocol.SHA_256, b"Jefe", text).hex() == full[:48]

    @pytest.mark.parametrize("priv", PrivProtocol)
    @settings(max_examples=30)
    @given(plain=st.binary(max_size=100), salt=st.integers(0, 2**64 - 1))
    def test_what_is_encrypted_comes_back(self, priv: PrivProtocol, plain: bytes, salt: int) -> None:
        """With every cipher; those of 8 octets pad with up to 7."""
        key = bytes(range(1, priv.key_octets + 1))
        octets, parameters = encrypt(priv, key, plain, ENGINE, salt)
        again = decrypt(priv, key, octets, ENGINE, parameters)
        assert again[: len(plain)] == plain
        assert len(again) - len(plain) < 8

    @pytest.mark.parametrize("priv", PrivProtocol)
    def test_another_salt_gives_other_octets(self, priv: PrivProtocol) -> None:
        """The same message twice is not to be seen as the same."""
        key = bytes(range(1, priv.key_octets + 1))
        one, other = (encrypt(priv, key, b"x" * 16, ENGINE, salt) for salt in (1, 2))
        assert one[0] != other[0]
        assert one[1] != other[1]


class TestMessages:
    @pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
    @settings(max_examples=20)
    @given(pdu=pdus(OF_V2))
    def test_round_trip(self, user: UsmUser, pdu: Pdu) -> None:
        """Every PDU comes back at every level of security, with the header that was given."""
        message = read_v3(message_of(user, pdu))
        assert (message.message_id, message.engine, message.user_name) == (pdu.request_id, ENGINE, user.name.encode())
        require_level(message, user)
        scoped = open_v3(message, user)
        assert scoped.pdu == pdu
        assert scoped.context_name == user.context_name.encode()

    def test_what_is_encrypted_cannot_be_read(self) -> None:
        """The value is in the clear only where the user does not encrypt."""
        assert b"secret meters" in message_of(UsmUser("nobody"))
        assert b"secret meters" not in message_of(USER)

    @pytest.mark.parametrize("at", range(0, len(message_of(USER)), 3))
    def test_a_changed_octet_is_noticed(self, at: int) -> None:
        """Whatever octet of a signed message is changed, it is refused or at least no longer authentic."""
        octets = bytearray(message_of(USER))
        octets[at] ^= 0x04
        with pytest.raises(SnmpError):
            opened(bytes(octets))

    def test_a_wrong_password_is_not_authentic(self) -> None:
        """The signature is checked before anything is decrypted."""
        other = replace(USER, auth_password="another password")
        with pytest.raises(NotAuthentic, match="signature"):
            open_v3(read_v3(message_of(other)), USER)

    def test_another_user_is_not_authentic(self) -> None:
        """A message that names another user is not checked with this one's key."""
        with pytest.raises(NotAuthentic, match="not known"):
            open_v3(read_v3(message_of(replace(USER, name="other"))), USER)

    @pytest.mark.parametrize("weaker", [UsmUser("hides"), UsmUser("hides", AuthProtocol.SHA_256, PASSWORD)])
    def test_less_protection_than_agreed_is_refused(self, weaker: UsmUser) -> None:
        """An answer in the clear to a question that was encrypted is not taken."""
        with pytest.raises(NotAuthentic, match="not protected"):
            require_level(read_v3(message_of(weaker)), USER)

    def test_discovery_names_nobody(self) -> None:
        """RFC 3414 section 4: no engine id, no user, nothing signed, a Report wanted."""
        message = read_v3(encode_v3(encode_pdu(Pdu(PduKind.GET, 0x8000, [])), 0x8000, None, Engine(b""), salt=0))
        assert (message.engine, message.user_name, message.signature) == (Engine(b""), b"", b"")
        assert message.is_reportable
        assert not message.is_signed

    def test_a_report_says_why(self) -> None:
        """The first name in a Report is the reason."""
        report = Pdu(PduKind.REPORT, 0, [VarBind(UNKNOWN_ENGINE_ID, Tag.COUNTER32, 3)])
        assert report_reason(report) == UNKNOWN_ENGINE_ID
        assert report_reason(Pdu(PduKind.REPORT, 0, [])) is None
        assert report_reason(ANSWER) is None

    @given(st.binary(max_size=300))
    def test_random_octets_raise_nothing_else(self, octets: bytes) -> None:
        """Whatever comes is read or refused with SnmpError."""
        with contextlib.suppress(SnmpError):
            open_v3(read_v3(octets), USER)

    @pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
    @settings(max_examples=40)
    @given(data=st.data())
    def test_damaged_messages_raise_nothing_else(self, user: UsmUser, data: st.DataObject) -> None:
        """Good messages with a few wrong octets, or cut off, are read or refused with SnmpError."""
        octets = bytearray(message_of(user))
        for _ in range(data.draw(st.integers(0, 3))):
            octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(0, len(octets)))
        with contextlib.suppress(SnmpError):
            open_v3(read_v3(bytes(octets[:cut])), user)
        with contextlib.suppress(SnmpError):
            open_v3(read_v3(bytes(octets)), user)
