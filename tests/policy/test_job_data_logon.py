"""The logon inside a print stream."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.job_data_logon import (
    JobDataLogonRule,
    JobDataLogonRuleError,
    logon_in_stream,
    named_character,
)

USER = JobDataLogonRule(job_data_string="User:", skip=" ")


def test_first_acceptance_example() -> None:
    """A name between quotation marks after Name= is found. SC-JDL-08, SC-JDL-02, SC-JDL-05, SC-JDL-06"""
    rule = JobDataLogonRule(job_data_string="Name=", start='"', stop='"')
    assert logon_in_stream(b'Date="2007.01.01"Name="JS",File="letter.txt"', rule) == "JS"


def test_second_acceptance_example() -> None:
    """A name among blanks is found with the blank to skip and no stop character. SC-JDL-09, SC-JDL-04"""
    rule = JobDataLogonRule(
        job_data_string="User:",
        skip=named_character("<Space>"),
        start=named_character("<None>"),
        stop=named_character("<None>"),
    )
    assert logon_in_stream(b"Time: 12:15:32 User: JS Doc: letter.txt", rule) == "JS"
    assert logon_in_stream(b"Time: 12:15:32\r\nUser: JS\r\nDoc: letter.txt\r\n", rule) == "JS"


def test_a_pjl_command_carries_the_logon() -> None:
    """A logon that an application set as a PJL variable is extracted. SC-JDL-01"""
    rule = JobDataLogonRule(job_data_string="@PJL SET USERNAME=", skip=" ", start='"', stop='"')
    stream = b'\x1b%-12345X@PJL JOB\r\n@PJL SET USERNAME= "anna berg"\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE'
    assert logon_in_stream(stream, rule) == "anna berg"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_line_end_always_ends_the_logon(end: bytes) -> None:
    """CR or LF ends the logon also where a stop character is set and missing. SC-JDL-06"""
    rule = JobDataLogonRule(job_data_string="User:", stop=";")
    assert logon_in_stream(b"User:anna" + end + b"x;", rule) == "anna"


def test_only_the_first_bytes_are_searched() -> None:
    """A job data string or a logon beyond the search length is not found, and no logon is cut in two. SC-JDL-03"""
    rule = JobDataLogonRule(job_data_string="User:", search_bytes_max=100)
    assert logon_in_stream(b"x" * 95 + b"User:anna\n", rule) is None
    assert logon_in_stream(b"x" * 93 + b"User:anna\n", rule) is None
    assert logon_in_stream(b"x" * 90 + b"User:anna\n", rule) == "anna"
    assert logon_in_stream(b"User:anna", rule) == "anna"


def test_a_missing_start_character_leaves_the_next_occurrence() -> None:
    """Where the start character does not follow, the next job data string is tried. SC-JDL-05"""
    rule = JobDataLogonRule(job_data_string="Name=", skip="\t", start='"', stop='"')
    assert logon_in_stream(b'Name=x\nName=\t\t"JS"', rule) == "JS"
    assert logon_in_stream(b"Name=x\n", rule) is None


@pytest.mark.parametrize("stream", [b"User:\n", b"User:   \n", b"User:\x00\x01\n", b"User:" + b"a" * 300 + b"\n", b""])
def test_what_is_no_logon_is_not_taken(stream: bytes) -> None:
    """Empty, binary and overlong values are nobody's logon. SC-JDL-07"""
    assert logon_in_stream(stream, USER) is None


def test_names_beyond_ascii() -> None:
    """Logons in UTF-8 and in Windows-1252 are read."""
    assert logon_in_stream("User: jürgen\n".encode(), USER) == "jürgen"
    assert logon_in_stream("User: jürgen\n".encode("cp1252"), USER) == "jürgen"


@pytest.mark.parametrize(
    ("name", "character"), [("<None>", None), ("", None), ("<Tab>", "\t"), ("<Space>", " "), ("#", "#")]
)
def test_named_characters(name: str, character: str | None) -> None:
    """Characters are chosen as <None>, <Tab>, <Space> or themselves. SC-JDL-04, SC-JDL-05, SC-JDL-06"""
    assert named_character(name) == character


def test_rules_that_find_nothing_are_refused() -> None:
    """An empty job data string, a silly length or two characters for one raise. SC-JDL-02, SC-JDL-03, SC-JDL-04"""
    for settings in ({"job_data_string": ""}, {"search_bytes_max": 0}, {"skip": "ab"}, {"start": "\n"}, {"stop": "ü"}):
        with pytest.raises(JobDataLogonRuleError):
            JobDataLogonRule(**{"job_data_string": "User:"} | settings)  # type: ignore[arg-type]  # mixed types on purpose
    with pytest.raises(JobDataLogonRuleError):
        named_character("<Enter>")


_CHARACTER = st.none() | st.sampled_from("\t \"';:")


@given(
    st.lists(st.sampled_from([b"User:", b" ", b'"', b"\n", b"anna"]) | st.binary(max_size=20)).map(b"".join),
    _CHARACTER,
    _CHARACTER,
    _CHARACTER,
)
def test_any_stream_gives_a_printable_logon_or_none(
    stream: bytes, skip: str | None, start: str | None, stop: str | None
) -> None:
    """No stream raises, and what comes out could be a logon."""
    rule = JobDataLogonRule(job_data_string="User:", search_bytes_max=60, skip=skip, start=start, stop=stop)
    logon = logon_in_stream(stream, rule)
    assert logon is None or (logon.isprintable() and logon == logon.strip() != "")
