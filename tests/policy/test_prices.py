"""Prices of activities by charging schemes."""

from dataclasses import replace
from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.charging import ChargingScheme, PagePrices, PaperPrices, SizePrices, sample_scheme
from platen.policy.job_name_filters import JobNameFilter
from platen.policy.paper_sizes import PaperSize, paper_size
from platen.policy.prices import (
    PageActivity,
    PriceItem,
    PrintActivity,
    SizeCount,
    price,
    sheets_of,
)
from platen.policy.usage_enums import JobType

SCHEME = sample_scheme()

prices_4 = st.decimals(min_value=0, max_value=1000, places=4)
size_prices = st.builds(SizePrices, prices_4, prices_4, prices_4)
sizes_of_paper = st.lists(
    st.tuples(st.sampled_from([s for s in PaperSize if s is not PaperSize.OTHER]), size_prices),
    unique_by=lambda row: row[0],
).map(tuple)
papers = st.builds(PaperPrices, prices_4, size_prices, sizes_of_paper)
schemes = st.builds(ChargingScheme, name=st.just("Any"), print=papers, copy=papers)
counts = st.builds(
    SizeCount,
    media=st.sampled_from(["A4", "A3", "na_letter_8.5x11in", "Legal", "Default", "custom_x", None]),
    sheets=st.integers(0, 10**9),
    impressions_mono=st.integers(0, 10**9),
    impressions_color=st.integers(0, 10**9),
)


def printed(
    media: str | None, pages: int, *, color: int = 0, duplex: bool = False, kind: JobType = JobType.PULL
) -> PrintActivity:
    return PrintActivity(counts=(SizeCount.from_pages(media, pages, color_pages=color, duplex=duplex),), job_type=kind)


class TestWorkedCases:
    """The numbers that a person can check by hand."""

    def test_five_color_pages_duplex_a4(self) -> None:
        """Job 0.20, 3 sheets of 0.05 and 5 impressions of 0.30 are 1.85. SC-PRICE-01, SC-PRICE-03, SC-PRICE-05"""
        assert price(SCHEME, printed("A4", 5, color=5, duplex=True)).amount == Decimal("1.85")

    @pytest.mark.parametrize(
        ("activity", "expected"),
        [
            (printed("A4", 5, color=5), "1.95"),
            (printed("A4", 10), "1.70"),
            (printed("A4", 100), "15.20"),
            (printed("A3", 2, color=2, duplex=True), "1.50"),
            (printed("poster", 1), "0.35"),
            (PageActivity(job_type=JobType.FAX, pages=3), "0.40"),
        ],
    )
    def test_derived_cases(self, activity: PrintActivity | PageActivity, expected: str) -> None:
        """The sample scheme gives these totals. SC-PRICE-12, SC-PRICE-09, SC-PRICE-11, SC-PRICE-06"""
        assert price(SCHEME, activity).amount == Decimal(expected)

    def test_only_what_came_out_is_charged(self) -> None:
        """A job of 100 pages stopped after 10 costs what 10 pages cost. SC-PRICE-12"""
        assert price(SCHEME, printed("A4", 10)).amount == Decimal("1.70")
        assert price(SCHEME, printed("A4", 10)).amount < price(SCHEME, printed("A4", 100)).amount

    @pytest.mark.parametrize(
        ("reported", "expected", "true_activity", "true_price"),
        [
            (2, "0.50", printed("A3", 1, kind=JobType.COPY), "0.50"),
            (2, "0.50", printed("A4", 1, color=1, kind=JobType.COPY), "0.55"),
            (4, "0.80", printed("A3", 1, color=1, kind=JobType.COPY), "0.90"),
        ],
    )
    def test_copiers_without_details(
        self, reported: int, expected: str, true_activity: PrintActivity, true_price: str
    ) -> None:
        """Pages that a copier merely counts are priced as A4 in black on one side. SC-PRICE-13, SC-PRICE-10"""
        assert price(SCHEME, printed("A4", reported, kind=JobType.COPY)).amount == Decimal(expected)
        assert price(SCHEME, true_activity).amount == Decimal(true_price)

    @pytest.mark.parametrize(
        ("pages", "duplex", "sheets"), [(5, True, 3), (8, True, 4), (5, False, 5), (1, True, 1), (0, True, 0)]
    )
    def test_sheets(self, pages: int, duplex: bool, sheets: int) -> None:
        """Two-sided jobs need half the sheets, rounded up. SC-PRICE-04"""
        assert sheets_of(pages, duplex=duplex) == sheets

    def test_every_copy_begins_on_a_new_sheet(self) -> None:
        """Two copies of five two-sided pages are six sheets, not five. SC-PRICE-04"""
        count = SizeCount.from_pages("A4", 5, color_pages=2, duplex=True, copies=2)
        assert (count.sheets, count.impressions_mono, count.impressions_color) == (6, 6, 4)


class TestWhatIsCharged:
    def test_no_scheme_costs_nothing(self) -> None:
        """Without a charging scheme the cost is 0.00. SC-PRICE-02"""
        result = price(None, printed("A4", 5))
        assert str(result.amount) == "0.00"
        assert result.lines == ()

    def test_nothing_came_out(self) -> None:
        """Where nothing came out nothing is charged, neither a start-up price nor one by name. SC-PRICE-03"""
        named = replace(SCHEME, job_name_pricing=True, job_name_filters=(JobNameFilter("*", Decimal(1)),))
        for scheme in (SCHEME, named):
            assert price(scheme, PrintActivity(counts=(), job_name="x")).amount == 0
            assert price(scheme, PrintActivity(counts=(SizeCount(media="A4"),), job_name="x")).amount == 0
            assert price(scheme, PageActivity(job_type=JobType.SCAN, pages=0)).amount == 0

    @pytest.mark.parametrize("media", ["Default", "", None, "B5", "other", "iso_b5_176x250mm"])
    def test_unknown_paper_is_other(self, media: str | None) -> None:
        """Default and unknown paper is priced as Other. SC-PRICE-07"""
        odd = replace(SCHEME, print=replace(SCHEME.print, other=SizePrices(mono=Decimal(9))))
        assert price(odd, printed(media, 1)).amount == Decimal("9.20")

    def test_a_size_without_a_row_costs_what_other_costs(self) -> None:
        """Legal, which the sample scheme has no row for, is not free. SC-PRICE-07, SC-CHARGE-04"""
        assert price(SCHEME, printed("Legal", 1)).amount == Decimal("0.35")

    @pytest.mark.parametrize(
        ("media", "size"),
        [
            ("A4", PaperSize.A4),
            (" a3 ", PaperSize.A3),
            ("iso_a4_210x297mm", PaperSize.A4),
            ("na_letter_8.5x11in", PaperSize.LETTER),
            ("na_legal_8.5x14in", PaperSize.LEGAL),
            ("na_ledger_11x17in", PaperSize.LEDGER),
            ("na_executive_7.25x10.5in", PaperSize.EXECUTIVE),
            ("Tabloid", PaperSize.LEDGER),
            ("iso_a40_1x1mm", PaperSize.OTHER),
        ],
    )
    def test_media_names(self, media: str, size: PaperSize) -> None:
        """Common and self-describing names lead to the same size. SC-PRICE-07, SC-CHARGE-04"""
        assert paper_size(media) is size

    def test_color_and_black_pages_of_one_job(self) -> None:
        """Of eight pages the three with colour are priced as colour, the others as black. SC-PRICE-08"""
        assert price(SCHEME, printed("A4", 8, color=3)).amount == Decimal("0.20") + 8 * Decimal("0.05") + 5 * Decimal(
            "0.10"
        ) + 3 * Decimal("0.30")

    def test_copy_has_prices_of_its_own(self) -> None:
        """Copies follow the copy table, prints the print table. SC-CHARGE-06"""
        free_copies = replace(SCHEME, copy=PaperPrices())
        assert price(free_copies, printed("A4", 3, kind=JobType.COPY)).amount == 0
        assert price(free_copies, printed("A4", 3, kind=JobType.PUSH)).amount == Decimal("0.65")

    def test_fax_scan_and_email_have_prices_of_their_own(self) -> None:
        """Each kind is priced by its own start-up and page price. SC-CHARGE-07, SC-PRICE-06"""
        scheme = replace(SCHEME, scan=PagePrices(Decimal(1), Decimal(2)), email=PagePrices(Decimal(0), Decimal(7)))
        amounts = [
            price(scheme, PageActivity(job_type=kind, pages=2)).amount
            for kind in (JobType.FAX, JobType.SCAN, JobType.EMAIL)
        ]
        assert amounts == [Decimal("0.30"), 5, 14]

    def test_one_price_for_all_sizes(self) -> None:
        """Set all gives every size the same row. SC-CHARGE-05"""
        row = SizePrices(Decimal("0.01"), Decimal("0.02"), Decimal("0.03"))
        paper = PaperPrices.same_for_all(row)
        assert {paper.of(size) for size in PaperSize} == {row}

    def test_two_schemes_price_one_activity(self) -> None:
        """The same activity has a price by a primary and one by a secondary scheme. SC-CHARGE-02, SC-CHARGE-01"""
        true_cost = replace(SCHEME, name="True cost", print=PaperPrices.same_for_all(SizePrices(mono=Decimal("0.004"))))
        activity = printed("A4", 10)
        assert [price(s, activity).amount for s in (SCHEME, true_cost)] == [Decimal("1.70"), Decimal("0.04")]

    @pytest.mark.parametrize("name", ["", "  ", "x" * 256])
    def test_a_scheme_needs_a_name(self, name: str) -> None:
        """A scheme without a name is refused. SC-CHARGE-03"""
        with pytest.raises(ValueError, match="name"):
            ChargingScheme(name=name)

    def test_paper_and_pages_are_not_mixed_up(self) -> None:
        """A fax has no sheets and a print is not counted in pages alone. SC-PRICE-06"""
        with pytest.raises(ValueError, match="PageActivity"):
            PrintActivity(counts=(), job_type=JobType.FAX)
        with pytest.raises(ValueError, match="PrintActivity"):
            PageActivity(job_type=JobType.COPY, pages=1)


class TestBreakdown:
    def test_lines_say_what_and_how_many(self) -> None:
        """A price can be taken apart into what was counted, on which paper, at which price. SC-PRICE-03"""
        activity = PrintActivity(
            counts=(
                SizeCount(media="A4", sheets=4, impressions_mono=7),
                SizeCount(media="iso_a3_297x420mm", sheets=1, impressions_color=2),
            )
        )
        lines = price(SCHEME, activity).lines
        assert [(line.text, line.amount) for line in lines] == [
            ("1 job", Decimal("0.20")),
            ("4 A4, sheets", Decimal("0.20")),
            ("7 A4, black", Decimal("0.70")),
            ("1 A3, sheets", Decimal("0.10")),
            ("2 A3, color", Decimal("1.20")),
        ]

    @given(schemes, st.lists(counts, max_size=4).map(tuple))
    def test_lines_add_up_to_the_exact_price(self, scheme: ChargingScheme, some: tuple[SizeCount, ...]) -> None:
        """The lines of a price are its whole, to the last digit. SC-PRICE-15"""
        result = price(scheme, PrintActivity(counts=some))
        with localcontext(prec=60):
            assert sum((line.amount for line in result.lines), Decimal(0)) == result.exact
            assert all(line.count * line.unit_price == line.amount for line in result.lines)


class TestArithmetic:
    @given(schemes, counts, counts)
    def test_additive_over_sizes(self, scheme: ChargingScheme, one: SizeCount, two: SizeCount) -> None:
        """Two papers in one job cost what they cost alone, less the second start-up price. SC-PRICE-03"""
        if one.is_empty or two.is_empty:
            return
        together, first, second = (price(scheme, PrintActivity(counts=c)).exact for c in ((one, two), (one,), (two,)))
        with localcontext(prec=60):
            assert together == first + second - scheme.print.per_job

    @given(schemes, counts, counts)
    def test_more_never_costs_less(self, scheme: ChargingScheme, count: SizeCount, more: SizeCount) -> None:
        """A further page or sheet never makes a job cheaper. SC-PRICE-03"""
        larger = replace(
            count,
            sheets=min(count.sheets + more.sheets, 10**9),
            impressions_mono=min(count.impressions_mono + more.impressions_mono, 10**9),
            impressions_color=min(count.impressions_color + more.impressions_color, 10**9),
        )
        smaller_price, larger_price = (price(scheme, PrintActivity(counts=(c,))).amount for c in (count, larger))
        assert smaller_price <= larger_price

    @given(schemes, st.lists(counts, max_size=4).map(tuple))
    def test_exact_to_the_digit(self, scheme: ChargingScheme, some: tuple[SizeCount, ...]) -> None:
        """The price equals the same sum in whole ten-thousandths, however large. SC-PRICE-15, SC-PRICE-14"""

        def units(value: Decimal) -> int:
            return int(value.scaleb(4))

        activity = PrintActivity(counts=some)
        expected = 0 if activity.is_empty else units(scheme.print.per_job)
        for count in some:
            row = scheme.print.of(count.size)
            expected += count.sheets * units(row.sheet) + count.impressions_mono * units(row.mono)
            expected += count.impressions_color * units(row.color)
        amount = price(scheme, activity).amount
        assert amount.as_tuple().exponent == -4
        with localcontext(prec=60):
            assert int(amount.scaleb(4)) == expected

    def test_the_callers_context_does_not_matter(self) -> None:
        """A thread that calculates with few digits gets the same price. SC-PRICE-15"""
        with localcontext(prec=3):
            assert price(SCHEME, printed("A4", 123_456)).amount == Decimal("18518.6000")
        assert getcontext().prec == 28

    def test_rounded_once_half_up(self) -> None:
        """Three lines of a third of a cent make one cent: only the sum is rounded, and a half goes up. SC-PRICE-15"""
        scheme = replace(
            SCHEME, scale=2, print=PaperPrices(other=SizePrices(Decimal("0.005"), Decimal("0.005"), Decimal("0.005")))
        )
        activity = PrintActivity(counts=(SizeCount(media="A4", sheets=1, impressions_mono=1, impressions_color=1),))
        assert str(price(scheme, activity).amount) == "0.02"
        assert price(scheme, activity).exact == Decimal("0.015")

    @pytest.mark.parametrize("bad", ["-0.01", "NaN", "Infinity", "1000000.01", "0.123456789"])
    def test_impossible_unit_prices(self, bad: str) -> None:
        """A unit price is finite, not negative and has at most eight decimals. SC-PRICE-15"""
        with pytest.raises(ValueError, match=r"price|decimals"):
            SizePrices(mono=Decimal(bad))

    @pytest.mark.parametrize("count", [-1, 10**9 + 1])
    def test_impossible_counts(self, count: int) -> None:
        """Counts are never negative and never absurd. SC-PRICE-01"""
        with pytest.raises(ValueError, match="count"):
            SizeCount(media="A4", sheets=count)


class TestJobNamePricing:
    FILTERS = (
        JobNameFilter("Test Page", Decimal("0.00")),
        JobNameFilter("http*example.org*", Decimal("0.10")),
        JobNameFilter("guide*.PDF*", Decimal("0.10")),
    )

    def amount(self, name: str, *, enabled: bool = True) -> Decimal:
        scheme = replace(SCHEME, job_name_pricing=enabled, job_name_filters=self.FILTERS)
        return price(scheme, replace(printed("A4", 40, color=40), job_name=name)).amount

    @pytest.mark.parametrize(
        ("name", "fixed"),
        [
            ("Test Page", "0.00"),
            ("http://www.example.org/index.html", "0.10"),
            ("https://example.org", "0.10"),
            ("guide-1.PDF", "0.10"),
            ("guide-1.PDF - Viewer", "0.10"),
            ("guide.PDF", "0.10"),
        ],
    )
    def test_a_fitting_name_fixes_the_price(self, name: str, fixed: str) -> None:
        """Forty colour pages whose name fits cost the filter's price in total.

        SC-CHARGE-08, SC-JNP-T02, SC-JNP-T03, SC-JNP-T04, SC-JNP-01
        """
        assert self.amount(name) == Decimal(fixed)

    @pytest.mark.parametrize("name", ["test page", "Test Page 2", "ftp://example.org", "guide-1.pdf", "my guide.PDF"])
    def test_other_names_follow_the_scheme(self, name: str) -> None:
        """Case counts, and the whole name must fit. SC-CHARGE-08, SC-JNP-T01, SC-JNP-T03, SC-JNP-07"""
        assert self.amount(name) == Decimal("14.20")

    def test_switched_off(self) -> None:
        """A scheme whose job name pricing is off ignores its filters. SC-CHARGE-08, SC-JNP-02"""
        assert self.amount("Test Page", enabled=False) == Decimal("14.20")

    def test_first_match_wins(self) -> None:
        """Of two filters that fit, the one written first counts. SC-JNP-09"""
        scheme = replace(
            SCHEME,
            job_name_pricing=True,
            job_name_filters=(JobNameFilter("a*", Decimal(1)), JobNameFilter("ab*", Decimal(2))),
        )
        result = price(scheme, replace(printed("A4", 1), job_name="abc"))
        assert result.amount == 1
        assert [line.item for line in result.lines] == [PriceItem.JOB_NAME]

    def test_four_wildcards_at_most(self) -> None:
        """Four `*` are accepted, five are refused. SC-JNP-T05, SC-CHARGE-08"""
        assert JobNameFilter("a*b*c*d*e", Decimal(0)).matches("a-b-c-d-e")
        with pytest.raises(ValueError, match="more than 4"):
            JobNameFilter("a*b*c*d*e*", Decimal(0))

    @given(st.lists(st.text("ab.[", max_size=3), min_size=1, max_size=5), st.text("ab.[", max_size=12))
    def test_wildcards_stand_for_any_run(self, parts: list[str], name: str) -> None:
        """Matching agrees with a regular expression of the same meaning. SC-JNP-06"""
        import re

        pattern = "*".join(parts)
        if pattern:
            expected = re.fullmatch(".*".join(map(re.escape, parts)), name, re.DOTALL) is not None
            assert JobNameFilter(pattern, Decimal(0)).matches(name) == expected
