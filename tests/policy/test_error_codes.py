"""Error numbers of older clients, and the enumerations of a usage record."""

from decimal import Decimal

import pytest

from platen.policy.currency import check_currency, minor_units, money_text
from platen.policy.error_code_table import ROWS
from platen.policy.error_codes import (
    BY_NAME,
    ERROR_CODES,
    RENDERING_NUMBERS,
    ErrorGroup,
    error_code,
    error_text,
    is_failure,
)
from platen.policy.usage_enums import (
    AccountingModel,
    JobType,
    PageCountModel,
    PageCountStatus,
    TrackingState,
    coverage_hundredths,
)


class TestErrorCodes:
    def test_every_number_once(self) -> None:
        """There are 169 numbers, each with a name and a sentence of its own. SC-ERR-01, SC-ERR-06"""
        assert len(ROWS) == len(ERROR_CODES) == len(BY_NAME) == 169
        assert len({code.sentence for code in ERROR_CODES.values()}) == 169
        assert all(code.sentence.endswith((".", ".)")) and code.name.isupper() for code in ERROR_CODES.values())

    def test_not_every_number_is_a_failure(self) -> None:
        """Seven numbers report success or a state, all others a failure. SC-ERR-02"""
        assert [number for number in ERROR_CODES if not is_failure(number)] == [0, 4, 20, 21, 49, 161, 9999]

    def test_negative_numbers(self) -> None:
        """The two negative numbers are known. SC-ERR-03"""
        assert [number for number in ERROR_CODES if number < 0] == [-101, -1]

    @pytest.mark.parametrize("number", [13, 18, 19, 29, 30, *range(33, 45), 62, 68, *range(74, 80), 404, 10_000])
    def test_unused_numbers(self, number: int) -> None:
        """An unused number stays so: it has no entry, is taken for a failure, and is still put into words. SC-ERR-04"""
        assert error_code(number) is None
        assert is_failure(number)
        assert str(number) in error_text(number)

    def test_rendering_has_its_own_range(self) -> None:
        """The numbers from 400 to 499 are those of rendering and of nothing else. SC-ERR-05"""
        rendering = [code.number for code in ERROR_CODES.values() if code.group is ErrorGroup.RENDERING]
        assert rendering == [number for number in ERROR_CODES if number in RENDERING_NUMBERS]

    @pytest.mark.parametrize("pair", [(106, 112), (159, 162), (15, 50)])
    def test_numbers_of_the_same_meaning(self, pair: tuple[int, int]) -> None:
        """Two numbers of one meaning stay apart by their names. SC-ERR-06"""
        first, second = (ERROR_CODES[number] for number in pair)
        assert first.name != second.name
        assert first.group is second.group

    def test_text(self) -> None:
        """A number is shown with its name and a sentence. SC-ERR-01"""
        assert error_text(80).startswith("80 NOT_ENOUGH_CREDITS: There is not enough money")


class TestUsageEnums:
    def test_job_types(self) -> None:
        """The six kinds of job have the keywords of an export. SC-TDF-139"""
        expected = {f"JOB_TYPE_{kind}" for kind in ("PULL", "PUSH", "COPY", "FAX", "SCAN", "EMAIL")}
        assert {kind.value for kind in JobType} == expected
        assert [kind for kind in JobType if kind.uses_paper] == [JobType.PULL, JobType.PUSH, JobType.COPY]
        assert [kind for kind in JobType if kind.is_print] == [JobType.PULL, JobType.PUSH]

    def test_other_enumerations(self) -> None:
        """States, page count results, accounting and page count models have theirs.

        SC-TDF-105, SC-TDF-108, SC-TDF-140, SC-TDF-143
        """
        assert {s.value for s in TrackingState} == {"TRACKING_STATE_COMPLETED", "TRACKING_STATE_INTERRUPTED"}
        assert {s.value for s in PageCountStatus} == {f"PAGECOUNT_STATUS_{s}" for s in ("OK", "UNDEFINED", "FAILURE")}
        assert {m.value for m in AccountingModel} == {"NONE", "PAY_AND_PRINT", "PRINT_AND_PAY"}
        assert (PageCountModel.SOFTWARE, PageCountModel.HARDWARE) == (0, 1)

    @pytest.mark.parametrize(
        ("percent", "hundredths"), [("2.5", 250), ("100", 10_000), ("0", 0), (None, 0), ("5", 500)]
    )
    def test_coverage(self, percent: str | None, hundredths: int) -> None:
        """Toner coverage is held as percent times a hundred. SC-TDF-T01, SC-TDF-152"""
        assert coverage_hundredths(None if percent is None else Decimal(percent)) == hundredths

    def test_impossible_coverage(self) -> None:
        """More than 100 percent is refused. SC-TDF-152"""
        with pytest.raises(ValueError, match="between 0 and 100"):
            coverage_hundredths(Decimal("100.01"))


class TestMoneyText:
    @pytest.mark.parametrize(
        ("amount", "code", "text"),
        [
            ("0.28", "EUR", "€0.28"),
            ("0.2800", "EUR", "€0.28"),
            ("0.0125", "EUR", "€0.0125"),
            ("100", "EUR", "€100.00"),
            ("0", None, "0.00"),
            ("-3.5", "CHF", "-CHF 3.50"),
            ("12", "JPY", "¥12"),
            ("1.5", "KWD", "KWD 1.500"),
        ],
    )
    def test_shown(self, amount: str, code: str | None, text: str) -> None:
        """An amount is shown with its currency and as many decimals as it needs. SC-PRICE-15"""
        assert money_text(Decimal(amount), code) == text

    def test_four_decimals(self) -> None:
        """Statistics show four decimals with the decimal sign of the reader. SC-PRICE-14"""
        assert money_text(Decimal("0.1"), None, decimals=4) == "0.1000"
        assert money_text(Decimal("3.14"), None, decimals=4, decimal_sign=",") == "3,1400"

    def test_minor_units(self) -> None:
        """What is booked is whole coins, rounded half up. SC-PRICE-15"""
        assert [minor_units(Decimal(a), c) for a, c in (("0.285", "EUR"), ("0.5", "JPY"), ("1.2345", "KWD"))] == [
            29,
            1,
            1235,
        ]

    @pytest.mark.parametrize("code", ["", "eur", "EURO", "€", "E1R", "ÄÖÜ"])
    def test_not_a_currency(self, code: str) -> None:
        """A currency is three capital letters. SC-PRICE-15"""
        with pytest.raises(ValueError, match="three capital letters"):
            check_currency(code)
