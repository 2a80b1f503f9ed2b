"""What commands print of things that anybody may have named."""

from __future__ import annotations

import json

import pytest

from platen.cli.listing import Column, show, show_one

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\r\nsecond line\x9b2J\u202e"


def test_a_terminal_obeys_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in the names of documents and people reach no terminal, in tables and in sentences."""
    show([{"name": HOSTILE}], [Column("name")], as_json=False)
    show_one({"name": HOSTILE}, f"{HOSTILE} can print now.", as_json=False)
    printed = capsys.readouterr().out
    assert "red" in printed
    assert all(each.isprintable() for each in printed if each != "\n")


def test_programs_get_the_name_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON holds every character, escaped where a terminal would obey it."""
    show([{"name": HOSTILE}], [Column("name")], as_json=True)
    printed = capsys.readouterr().out
    assert json.loads(printed) == [{"name": HOSTILE}]
    assert "\x1b" not in printed


def test_a_long_name_does_not_tear_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A text longer than its column takes is cut with an ellipsis in the table, and whole for programs."""
    rows, columns = [{"id": 7, "name": "n" * 900}], [Column("name", length_max=60), Column("id")]
    show(rows, columns, as_json=False)
    assert capsys.readouterr().out.splitlines()[1].split() == ["n" * 60 + "…", "7"]
    show(rows, columns, as_json=True)
    assert json.loads(capsys.readouterr().out) == rows
