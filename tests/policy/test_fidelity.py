"""Whether a device can print what a document is."""

import pytest

from platen.policy.fidelity import DeviceOffers, DocumentNeeds, Fidelity, FidelityPolicy, fidelity_of
from platen.policy.job_names import prefixes_from_text, shortened, without_controls

DEVICE = DeviceOffers(
    name="adm-prn1",
    document_format_supported=("application/PDF", "image/pwg-raster"),
    driver_names=("Acme LX Universal", "Acme LX 400"),
)
FITTING = DocumentNeeds(document_format="application/pdf; charset=binary", driver_name="acme lx 400")
OTHER_DRIVER = DocumentNeeds(document_format="application/pdf", driver_name="Other Brand 9")
OTHER_FORMAT = DocumentNeeds(document_format="application/vnd.hp-PCL", driver_name="Acme LX 400")


class TestFidelity:
    @pytest.mark.parametrize("policy", FidelityPolicy)
    def test_fits(self, policy: FidelityPolicy) -> None:
        """A document of a format and driver that the device is listed for is offered without a mark. SC-FID-01"""
        result = fidelity_of(FITTING, DEVICE, policy)
        assert result.fidelity is Fidelity.MATCH
        assert result.is_offered
        assert not result.is_marked

    @pytest.mark.parametrize(
        ("policy", "fidelity", "offered", "marked"),
        [
            (FidelityPolicy.NO_CHECK, Fidelity.MATCH, True, False),
            (FidelityPolicy.WARN, Fidelity.LOW, True, True),
            (FidelityPolicy.FILTER, Fidelity.LOW, False, True),
        ],
    )
    def test_other_driver(self, policy: FidelityPolicy, fidelity: Fidelity, offered: bool, marked: bool) -> None:
        """A driver that is not listed means low fidelity: ignored, marked, or filtered out.

        SC-FID-01, SC-FID-02, SC-FID-03, SC-PULL-03
        """
        result = fidelity_of(OTHER_DRIVER, DEVICE, policy)
        assert (result.fidelity, result.is_offered, result.is_marked) == (fidelity, offered, marked)

    def test_the_warning_says_what_to_expect(self) -> None:
        """The warning tells that the document may come out on one side only. SC-FID-03, SC-FID-04"""
        sentence = fidelity_of(OTHER_DRIVER, DEVICE, FidelityPolicy.WARN).sentence
        assert "Other Brand 9" in sentence
        assert "one side" in sentence

    @pytest.mark.parametrize(
        ("policy", "offered"),
        [(FidelityPolicy.NO_CHECK, True), (FidelityPolicy.WARN, False), (FidelityPolicy.FILTER, False)],
    )
    def test_other_format(self, policy: FidelityPolicy, offered: bool) -> None:
        """What the device says it cannot print is offered only where nothing is checked. SC-FID-03, SC-PULL-03"""
        result = fidelity_of(OTHER_FORMAT, DEVICE, policy)
        assert result.is_offered is offered
        if not offered:
            assert result.fidelity is Fidelity.CANNOT
            assert "PCL" in result.sentence

    @pytest.mark.parametrize("policy", FidelityPolicy)
    def test_not_known_is_no_doubt(self, policy: FidelityPolicy) -> None:
        """A device that says nothing, or a job that does not, is not held against either. SC-FID-01"""
        silent = DeviceOffers(name="raw-prn")
        for document, device in ((OTHER_FORMAT, silent), (DocumentNeeds(), DEVICE)):
            assert fidelity_of(document, device, policy).fidelity is Fidelity.MATCH

    def test_driver_name_of_the_queue(self) -> None:
        """A queue that overrides the driver name decides with it. SC-FID-05, SC-PPORT-14"""
        overridden = DocumentNeeds(document_format="application/pdf", driver_name="Acme LX Universal")
        assert fidelity_of(overridden, DEVICE, FidelityPolicy.FILTER).is_offered


class TestJobNames:
    @pytest.mark.parametrize(
        ("name", "short"),
        [
            ("Microsoft Word - Letter.docx", "Letter.docx"),
            ("http://example.org/a", "example.org/a"),
            ("About Microsoft Word - Letter", "About Microsoft Word - Letter"),
            ("microsoft word - letter", "microsoft word - letter"),
            ("Microsoft Word - ", "Microsoft Word - "),
            ("Microsoft Word - http://x", "http://x"),
        ],
    )
    def test_only_the_beginning_is_cut(self, name: str, short: str) -> None:
        """A listed text is cut where the name begins with it, and never all of the name.

        SC-JOBNAME-01, SC-JOBNAME-02
        """
        assert shortened(name) == short

    def test_list_from_text(self) -> None:
        """Comments, a version and items make a list of texts to cut. SC-JOBNAME-02"""
        text = '\ufeff; cut these\nVersion="1"\n\nItem="Draft - "\r\nItem="see \\"x\\" "\n'
        assert prefixes_from_text(text) == ("Draft - ", 'see \\"x\\" ')
        assert shortened("Draft - Plan", prefixes_from_text(text)) == "Plan"

    @pytest.mark.parametrize("line", ["Item=Draft", 'Item=""', "Draft - ", 'Version="2"'])
    def test_faulty_line(self, line: str) -> None:
        """A line of another shape is reported with its number. SC-JOBNAME-02"""
        with pytest.raises(ValueError, match="Line 2"):
            prefixes_from_text(f"; first\n{line}\n")


@pytest.mark.parametrize("name", ["\x1b[31mred", "two\r\nlines", "\x9b2J", "back\u202ewards", "\u2066in"])
def test_names_steer_nothing(name: str) -> None:
    """What a terminal, a log or the direction of writing would obey becomes a space in a name."""
    shown = without_controls(name)
    assert len(shown) == len(name)
    assert shown.isprintable()


@pytest.mark.parametrize("name", ["Plan – März", "年次報告", "می\u200cخواهم", "a\u00a0b", "👩\u200d💻"])
def test_names_in_any_script_stay(name: str) -> None:
    """Letters of every script, and what joins and parts them, are left as they are."""
    assert without_controls(name) == name
