"""Codes, PINs, PUKs and names."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.code_pattern import CodePattern
from platen.policy.credentials import (
    CredentialError,
    check_alias,
    check_code,
    check_domain,
    check_email,
    check_full_name,
    check_logon,
    check_pin,
    check_puk,
    pin_weakness,
    random_pin,
    random_puk,
)


class TestCodes:
    @pytest.mark.parametrize("code", ["1", "04A2B3C4D5E6F7", "Employee 7", "x" * 39, "Ä-1"])
    def test_accepted(self, code: str) -> None:
        """A code of 1 to 39 printable characters is kept as it is, with its case. SC-AUTH-02"""
        assert check_code(code) == code

    @pytest.mark.parametrize("code", ["", "x" * 40, " 12", "12 ", "12\r", "1\x002", "a\tb", "1\u200b2"])
    def test_refused(self, code: str) -> None:
        """Empty and long codes, spaces around and unprintable characters are refused. SC-AUTH-02"""
        with pytest.raises(CredentialError):
            check_code(code)


class TestPins:
    @pytest.mark.parametrize("pin", ["4071", "90210", "8352917", "3141592653589793"])
    def test_accepted(self, pin: str) -> None:
        """Four to sixteen digits make a PIN. SC-PIN-01, SC-PINPUK-01"""
        assert check_pin(pin) == pin

    @pytest.mark.parametrize("pin", ["", "407", "40711234567890123", "40a1", "٤٠٧١", " 4071", "-407"])
    def test_refused(self, pin: str) -> None:
        """Short, long and non-digit PINs are refused. SC-PIN-01"""
        with pytest.raises(CredentialError, match="4 to 16 digits"):
            check_pin(pin)

    @pytest.mark.parametrize("pin", ["1234", "0000", "9999", "4321", "7890", "0987", "1212", "123123", "2580", "0007"])
    def test_weak(self, pin: str) -> None:
        """What somebody would try first, the old default 1234 among it, is refused with the reason. SC-PIN-01"""
        assert pin_weakness(pin)
        with pytest.raises(CredentialError, match="Choose another") as caught:
            check_pin(pin)
        assert pin not in str(caught.value)

    @given(st.integers(0, 2**32), st.integers(4, 16))
    def test_random_pins_are_usable(self, seed: int, length: int) -> None:
        """A random PIN is always one that would be accepted. SC-PIN-02, SC-PINPUK-03"""
        pin = random_pin(random.Random(seed), length)
        assert check_pin(pin) == pin
        assert len(pin) == length


class TestPuks:
    @given(st.integers(0, 2**32))
    def test_eight_digits(self, seed: int) -> None:
        """A generated PUK has eight digits and is accepted as typed. SC-PINPUK-06"""
        puk = random_puk(random.Random(seed))
        assert check_puk(puk) == puk

    def test_leading_zeros(self) -> None:
        """A PUK may begin with zeros and still has eight digits. SC-PINPUK-06"""

        class Lowest:
            def randrange(self, stop: int, /) -> int:
                return 7

        assert random_puk(Lowest()) == "00000007"

    @pytest.mark.parametrize("puk", ["1234567", "123456789", "1234567a", ""])
    def test_refused(self, puk: str) -> None:
        """Anything but eight digits is no PUK. SC-PINPUK-06, SC-AUTH-05"""
        with pytest.raises(CredentialError, match="exactly 8 digits"):
            check_puk(puk)


class TestPatterns:
    def test_default_shape(self) -> None:
        """The default is six characters with at least two digits and two lower-case letters.

        SC-IDCODE-05, SC-IDCODE-09
        """
        pattern = CodePattern()
        assert (len(pattern.text), pattern.digits_min, pattern.letters_min) == (6, 2, 2)

    @given(st.text("1x*", min_size=1, max_size=39), st.integers(0, 2**32))
    def test_codes_keep_the_guarantees(self, text: str, seed: int) -> None:
        """A generated code has the pattern's length, its digits and its letters, and is a valid ID code.

        SC-IDCODE-09, SC-IDCODE-10
        """
        code = CodePattern(text).generate(random.Random(seed))
        assert len(code) == len(text)
        assert sum(c in "0123456789" for c in code) >= text.count("1")
        assert sum(c in "abcdefghijklmnopqrstuvwxyz" for c in code) >= text.count("x")
        assert code.isalnum()
        assert code.islower() or code.isdigit()
        assert check_code(code) == code
        assert CodePattern(text).matches(code)

    @pytest.mark.parametrize(
        ("text", "permutations"), [("11111", 10**5), ("x", 26), ("*", 36), ("1x", 2 * 10 * 26), ("1*", 100 + 2 * 260)]
    )
    def test_permutations(self, text: str, permutations: int) -> None:
        """The number of different codes is counted, so that a pattern can be judged. SC-IDCODE-10"""
        assert CodePattern(text).permutations == permutations

    def test_permutations_are_the_codes_that_match(self) -> None:
        """The count equals the number of strings that have the shape, tried one by one. SC-IDCODE-10"""
        from itertools import product

        alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
        pattern = CodePattern("1x*")
        assert pattern.permutations == sum(pattern.matches("".join(code)) for code in product(alphabet, repeat=3))

    def test_every_code_is_equally_likely(self) -> None:
        """Digits are as frequent as the number of codes with them says: 100 of 620 codes of `1*` are two digits.

        SC-IDCODE-09
        """
        source = random.Random(1)
        codes = [CodePattern("1*").generate(source) for _ in range(6200)]
        assert 850 < sum(code.isdigit() for code in codes) < 1150

    @pytest.mark.parametrize("text", ["", "1" * 40, "11XX", "12", "11 xx"])
    def test_bad_patterns(self, text: str) -> None:
        """Other marks than 1, x and * and unusable lengths are refused. SC-IDCODE-08, SC-IDCODE-09"""
        with pytest.raises(CredentialError, match="pattern"):
            CodePattern(text)

    def test_too_few_codes_for_the_people(self) -> None:
        """A pattern with too few codes for the organisation draws advice, a longer one none. SC-IDCODE-10"""
        assert "longer" in (CodePattern("1111").advice(500) or "")
        assert CodePattern("11xx**").advice(10_000) is None


class TestNames:
    def test_long_logons(self) -> None:
        """A logon may have up to 255 characters. SC-USER-03"""
        assert check_logon("j" * 255)
        with pytest.raises(CredentialError, match="255"):
            check_logon("j" * 256)

    @pytest.mark.parametrize("logon", ["", " js", "AC\\js", "j\ns"])
    def test_bad_logons(self, logon: str) -> None:
        """Empty logons, spaces around, backslashes and control characters are refused. SC-USER-03"""
        with pytest.raises(CredentialError):
            check_logon(logon)

    def test_other_names(self) -> None:
        """Aliases, domains and full names have their rules as well. SC-USER-17, SC-USER-02"""
        assert check_alias("old.name")
        assert check_domain("acme.example.org")
        assert check_full_name("Jane Ö. Smith")
        with pytest.raises(CredentialError, match="a space"):
            check_domain("AC ME")

    @pytest.mark.parametrize("address", ["js", "@x.org", "js@", "a@b@c", "a b@c.org", "js@.org"])
    def test_bad_addresses(self, address: str) -> None:
        """What cannot be an e-mail address is refused. SC-USER-02"""
        with pytest.raises(CredentialError):
            check_email(address)

    def test_good_address(self) -> None:
        """A usual address is kept. SC-USER-02"""
        assert check_email("JS@example.org") == "JS@example.org"
