"""PJL: what it says of a job, and of several jobs behind each other."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis, Sides
from tests.documents.pcl.jobs import Xl, pjl
from tests.documents.samples import UEL, pdf

ONE_PAGE = b"\x1bEone\x0c\x1bE"


def test_what_pjl_says_of_the_job():
    """User, title, copies, sides and paper are read from PJL. SC-TDF-113, SC-TDF-133"""
    facts = analyse(
        pjl(
            'JOB NAME="ignored"',
            'SET USERNAME="anna"',
            'SET JOBNAME="Müller & Söhne"',
            "SET QTY=3",
            "SET DUPLEX=ON",
            "SET BINDING=SHORTEDGE",
            "SET PAPER=A4",
            "SET RESOLUTION=1200X600",
            'SET JOBATTR="JobAcct2=PC17"',
            language="PCL",
            data=b"\x1bEone\x0ctwo\x0c\x1bE",
        )
    )
    assert (facts.user, facts.title, facts.host) == ("anna", "Müller & Söhne", "PC17")
    assert (facts.copies, facts.copies_collated, facts.sides) == (3, True, Sides.TWO_SIDED_SHORT_EDGE)
    assert facts.resolution_dpi == (1200, 600)
    assert (facts.format, facts.pages, facts.page_runs[0].media) == (
        "application/vnd.hp-PCL",
        2,
        "iso_a4_210x297mm",
    )


@pytest.mark.parametrize(
    ("command", "fact", "value"),
    [
        ('SET USERNAME = "anna"', "user", "anna"),
        ('SET JOBATTR="JobAcct1=anna"', "user", "anna"),
        ('SET JOBATTR="UserName=anna"', "user", "anna"),
        ('SET JOBATTR="HOST:PC17"', "host", "PC17"),
        ('SET OKIJOBACCOUNTJOB USERID="anna" JOBNAME="x"', "user", "anna"),
        ('SET OKIAUXJOBINFO DATA="ComputerName=PC17"', "host", "PC17"),
        ('SET USERNAME="Username unknown"', "user", None),
        ('JOB NAME="<stdin>"', "title", None),
        ('SET JOBATTR="JobAcct6=WINWORD.EXE"', "application", "WINWORD.EXE"),
        ('SET OWNERNAME="anna"', "user", "anna"),
        ('COMMENT "Username: anna; App Filename: x"', "user", "anna"),
        ('COMMENT OID_ATT_JOB_OWNER "anna";', "user", "anna"),
        ('LJOBINFO USERID="anna" HOSTID="PC17"', "host", "PC17"),
        ('JOB NAME="42/anna/letter/draft"', "user", "anna"),
        ('JOB NAME="42/anna/letter/draft"', "title", "letter/draft"),
        ('JOB DISPLAY="letter"', "title", "letter"),
        ('COMMENT "Target Printer:HP Color LaserJet 4600;PCL 6;x.DLL"', "driver", "HP Color LaserJet 4600"),
        ('COMMENT "Application Info: Acrobat 5.0;Adobe;"', "application", "Acrobat 5.0"),
        ('SET HOSTNAME="PC17"', "host", "PC17"),
        ('SET LPARM : PCL USERNAME="anna"', "user", "anna"),
    ],
)
def test_names_in_the_spellings_of_vendors(command, fact, value):
    """Whose job it is, and what it is called, is found wherever drivers put it. SC-JDL-01, SC-TDF-113, SC-TDF-131"""
    assert getattr(analyse(pjl(command, language="PCL", data=ONE_PAGE)), fact) == value


def test_a_better_statement_wins_whatever_its_place():
    """A setting made for the name counts more than an accounting field or a comment."""
    commands = ('SET USERNAME="anna"', 'SET JOBATTR="JobAcct1=bob"', 'COMMENT "Username: carl"')
    for order in (commands, commands[::-1]):
        assert analyse(pjl(*order, language="PCL", data=ONE_PAGE)).user == "anna"


def test_copies_of_the_set_multiply_with_copies_of_the_page():
    """QTY is of whole sets, COPIES of pages."""
    facts = analyse(pjl("SET QTY=2", "SET COPIES=5", language="PDF", data=pdf(b"0 g 0 0 9 9 re f")))
    assert (facts.copies, facts.copies_collated) == (10, None)


@pytest.mark.parametrize(
    ("commands", "copies", "collated"),
    [
        (("SET COPIES=5",), 5, False),
        (("SET QTY=5",), 5, True),
        (("SET COLLATE=ON", "SET COPIES=5"), 5, True),
        (("SET COPIES=-5",), 1, None),
        (("SET COPIES=99999999",), 9999, False),
        (("SET COPIES=many", "SET QTY="), 1, None),
    ],
)
def test_whether_copies_are_sets(commands, copies, collated):
    """Sets come out one behind the other, copies of pages page by page."""
    facts = analyse(pjl(*commands, language="PCL", data=ONE_PAGE))
    assert (facts.copies, facts.copies_collated) == (copies, collated)


@pytest.mark.parametrize(
    ("commands", "sides"),
    [
        (("SET DUPLEX=ON",), Sides.TWO_SIDED_LONG_EDGE),
        (("SET DUPLEX=OFF", "SET BINDING=SHORTEDGE"), Sides.ONE_SIDED),
        (("SET BINDING=SHORTEDGE", "SET DUPLEX=ON"), Sides.TWO_SIDED_SHORT_EDGE),
        (("SET DUPLEX=HORIZONTAL",), Sides.TWO_SIDED_SHORT_EDGE),
        (("SET BINDING=LEFT",), None),
        (("DEFAULT DUPLEX=ON",), None),
        (("DEFAULT DUPLEX=ON", "RESET"), Sides.TWO_SIDED_LONG_EDGE),
    ],
)
def test_sides_by_duplex_and_binding(commands, sides):
    """Binding says something only where both sides are printed. SC-TDF-133"""
    assert analyse(pjl(*commands, language="PCL", data=ONE_PAGE)).sides is sides


def test_gray_render_mode_makes_every_page_gray():
    """A colour document that the driver prints in grey holds no colour pages. SC-TDF-134"""
    red = b"\x1bE\x1b*r3U\x1b*v1Sred\x0c\x1bE"
    assert analyse(pjl("SET RENDERMODE=COLOR", language="PCL", data=red)).color_pages == 1
    assert analyse(pjl("SET RENDERMODE=GRAYSCALE", language="PCL", data=red)).color_pages == 0
    assert analyse(pjl("SET GRAYSCALE=BLACKONLY", language="PCL", data=red)).color_pages == 0


def test_jobs_behind_each_other_are_added_up():
    """A stream may hold several documents in several languages."""
    one = pjl(language="PCL", data=ONE_PAGE)
    two = pjl(language="PCLXL", data=Xl().stream(Xl().page(), Xl().page()))
    assert analyse(one + two).pages == 3


def test_copies_and_sides_of_one_document_do_not_leak_into_the_next():
    """Documents that differ keep what is theirs, and the job as a whole says what they have in common. SC-TDF-133"""
    one = pjl("JOB", "SET COPIES=3", "SET DUPLEX=ON", language="PCL", data=ONE_PAGE) + UEL + b"@PJL EOJ\r\n" + UEL
    two = pjl("JOB", language="PCL", data=b"\x1bE\x1b&l0Sa\x0cb\x0c\x1bE") + UEL + b"@PJL EOJ\r\n" + UEL
    facts = analyse(one + two)
    assert (facts.copies, facts.sides) == (1, Sides.TWO_SIDED_LONG_EDGE)
    assert [(run.pages, run.copies, run.sides) for run in facts.page_runs] == [(1, 3, None), (2, 1, Sides.ONE_SIDED)]


def test_documents_that_are_alike_are_one_statement():
    """Three copies of each of two documents are three copies."""
    one = pjl("SET QTY=3", language="PCL", data=ONE_PAGE)
    facts = analyse(one + one)
    assert (facts.copies, [(run.pages, run.copies) for run in facts.page_runs]) == (3, [(2, 1)])


def test_settings_live_through_an_exit_within_a_job():
    """JOB, settings, an exit, more settings, a language: one environment."""
    head = UEL + b"@PJL JOB\r\n@PJL SET COPIES=2\r\n" + UEL + b"@PJL SET DUPLEX=ON\r\n"
    facts = analyse(head + b"@PJL ENTER LANGUAGE=PCL\r\n" + ONE_PAGE + UEL + b"@PJL SET COPIES=7\r\n@PJL EOJ\r\n" + UEL)
    assert (facts.copies, facts.sides) == (2, Sides.TWO_SIDED_LONG_EDGE)


def test_defaults_hold_from_the_next_reset_on():
    """DEFAULT leaves the environment of its own job alone (PJL TRM, "Environment Commands")."""
    job = pjl("DEFAULT COPIES=9", language="PCL", data=ONE_PAGE)
    assert analyse(job).copies == 1
    assert [run.copies for run in analyse(job + pjl(language="PCL", data=ONE_PAGE)).page_runs] == [1, 9]
    assert analyse(UEL + b"@PJL DEFAULT COPIES=9\r\n" + pjl(language="PCL", data=ONE_PAGE)).copies == 9


@pytest.mark.parametrize("lost", [len(UEL), len(UEL) + 4, 5])
def test_a_job_without_its_closing_exit_says_so(lost):
    """A PJL job ends with the universal exit; where that is missing, more may be. SC-TDF-132"""
    job = pjl("JOB", "SET COPIES=2", language="POSTSCRIPT", data=b"%!\n0 0 9 9 rectfill showpage\n\x04")
    assert analyse(job).problems == ()
    assert any("universal exit" in problem for problem in analyse(job[:-lost]).problems)


@pytest.mark.parametrize("rest", [b"@", b"@PJL SET CO", b"@PJL JOB\r\n@PJL ENTER LANGUAGE=PCL"])
def test_a_job_that_is_cut_off_in_its_commands_says_so(rest):
    """What is left of the next document's commands is no page of text."""
    facts = analyse(pjl(language="PCL", data=ONE_PAGE) + rest)
    assert facts.pages == 1
    assert "universal exit" in facts.problems[0]


def test_pages_that_the_device_lays_together_are_named():
    """Number-up that the device does is a fact of its own: the data hold as many pages as before."""
    facts = analyse(pjl("SET NUP=4", language="PCL", data=ONE_PAGE))
    assert (facts.pages, facts.number_up, facts.device_number_up) == (1, 1, 4)


def test_a_language_that_is_not_read_is_named():
    """Pages of a host-based language are not known, and the sentence says why. SC-TDF-140"""
    facts = analyse(pjl(language="UFRII", data=b"\0\1\2\x0c\x0c"))
    assert facts.pages is None
    assert "UFRII" in facts.problems[0]


def test_escapes_of_a_language_that_is_not_read_are_no_other_language():
    """A named language is not taken for what some of its octets look like. SC-TRACK-03"""
    facts = analyse(pjl(language="HBPL", data=b"\x1bJP<\1\0" + b"\x1bPS<" + b"\x1b@\x0c" * 9))
    assert facts.pages is None
    assert "HBPL" in facts.problems[0]


def test_what_is_known_beside_an_unknown_language_is_an_estimate():
    """One document of two was counted."""
    facts = analyse(pjl(language="UFRII", data=b"\0\1\2") + pjl(language="PCL", data=ONE_PAGE))
    assert (facts.pages, facts.pages_basis) == (1, PagesBasis.ESTIMATED)


def test_a_language_left_for_pjl_is_followed():
    """A job may begin in PCL and leave it."""
    assert analyse(b"\x1bEone\x0c\x1bE" + pjl(language="PCL", data=ONE_PAGE)).pages == 2


@pytest.mark.parametrize(
    "lines",
    [
        b"@PJL\n",
        b"@PJL SET\n@PJL SET =\n@PJL SET COPIES\n@PJL =\n",
        b"@PJL COMMENT \xff\xfe\n",
        b'@PJL SET JOBNAME="' + b"x" * 10_000 + b"\n",
        b"@pjl set copies=1\r\n",
    ],
)
def test_malformed_commands_are_passed_over(lines):
    """A line that makes no sense costs nothing but itself."""
    facts = analyse(UEL + lines + b"@PJL ENTER LANGUAGE=PCL\n" + ONE_PAGE + UEL)
    assert (facts.pages, facts.copies) == (1, 1)


@pytest.mark.parametrize(
    ("rest", "pages"), [(b"Totals\r\n", 2), (b"Gr\xfc\xdfe aus K\xf6ln\r\n", 2), (bytes(range(128, 256)), 1)]
)
def test_text_behind_a_job_is_a_page_and_garbage_is_none(rest, pages):
    """A device prints what somebody wrote behind the exit; octets that nobody wrote are named and not charged."""
    facts = analyse(UEL + b"@PJL ENTER LANGUAGE=PCL\r\n\x1bEx\x0c\x1bE" + UEL + rest)
    assert facts.pages == pages
    assert facts.format == "application/vnd.hp-PCL"
    assert any("was not counted" in problem for problem in facts.problems) is (pages == 1)


def test_commands_to_the_mechanics_are_no_document():
    """Between its documents a driver of inkjets tells the device to load and eject paper."""
    command = UEL + b"\x1b%Pfm.load_paper;fm.skip_ejects_enable;udw.quit;" + UEL
    facts = analyse(command + pjl(language="PCL", data=ONE_PAGE) + command)
    assert (facts.pages, facts.problems) == (1, ())
