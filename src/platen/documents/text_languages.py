"""Printer languages that are written in letters: how the beginning of one differs from plain text.

Every function takes the beginning of a document (some kilobytes, without leading blanks) and says whether it is a
program in that language. Plain text must not be taken for one, so each asks for more than one word.
"""

from __future__ import annotations

import re

# HP-GL: three commands or more with nothing but numbers between them.
_HPGL_NAMES = (
    rb"(?:AA|AC|AD|AR|AS|AT|BR|BZ|CA|CI|CP|CR|CS|CT|DF|DI|DR|DV|EA|EC|EP|ER|ES|EW|FP|FR|FT|IN|IP|IR|IW|LA|LO|LT|MC|MT"
    rb"|NP|NR|OE|OH|OP|OS|PA|PB|PC|PD|PG|PM|PP|PR|PS|PT|PU|PW|QL|RA|RF|RO|RR|RT|SA|SB|SC|SD|SI|SL|SP|SR|SS|SV|TD|TL|TR"
    rb"|UC|UF|UL|VS|WG|WU|XT|YT)"
)
_HPGL_COMMAND = rb"(?:%b[-+\d.,\s]*+;?\s*+)" % _HPGL_NAMES
_HPGL_BEGIN_PLOT = rb'(?:BP(?:[-+\d.,\s]|"[^"]*+")*;?\s*+)?'
_HPGL = re.compile(_HPGL_BEGIN_PLOT + rb"(?:%b{3,}|%b{2}(?:PE|LB|DT|SM|CO))" % (_HPGL_COMMAND, _HPGL_COMMAND))
_WORDS = re.compile(rb"(?!LB|DT|PE|SM|CO|MG|WD|BL)[A-Za-z]+[ \t]+[A-Za-z]+")  # no command; a text goes on
_HPGL_ALONE = re.compile(rb"(?:IN|DF);\s*\Z")
_HPGL_ENTERED = re.compile(rb"(?:\x1bE)?\x1b%(?:-1B|\dB\s*BP)")
_HPGL_CONTROL = re.compile(rb"\x1b\.[(\w@]")

_ZPL = re.compile(rb"(?:\x10?CT~~CD,~CC|\$\{\^XA|\^XA|~D[GY][A-Z]:|(?:[\^~][A-Z][A-Z0-9@][^\^~]{0,200}+){0,60}?\^XA)")

_EPL_FIRST = re.compile(
    rb'(?:N|q\d+|Q\d+[,\d+-]*|[IRSZDOJWr][\w,.]*|;.*|[FG]K".*|UN|US|EI|GI|JF|JB|GW[\d,]+.*|FR".*)[ \t]*[\r\n]'
)
_EPL_CLEARS = re.compile(rb"(?:\A|[\r\n])N[ \t]*[\r\n]")
_EPL_DRAWS = re.compile(rb"[\r\n](?:A\d+,\d+,\d|B\d+,\d+,\d|b\d+,\d+|L[OEW]\d+,\d+|X\d+,\d+|GW\d+,\d+|GG\d+|q\d+|Q\d+)")
_EPL_PRINTS = re.compile(rb"[\r\n](?:P[A\d]|GW\d)")

_TSPL = re.compile(rb"(?:[A-Z][^\r\n]{0,80}[\r\n]++){0,8}?SIZE\s+[\d.]+\s*(?:mm|dot)?\s*,", re.IGNORECASE)
_TSPL_MORE = re.compile(rb"[\r\n](?:CLS|GAP|DIRECTION|PRINT|BITMAP|TEXT|BARCODE)\b", re.IGNORECASE)
_CPCL = re.compile(rb"!\s+(?:-?\d+\s+\d+\s+\d+\s+\d+\s+\d+|U1?)\s*[\r\n]|! U1 ")
_SBPL = re.compile(rb"\x02?\x1bA[^\x1b]{0,32}\x1b[A-Z%#]", re.DOTALL)
_SBPL_COMMAND = re.compile(rb"\x1b(?:[HVQZ]\d{0,5}|A1|A3|L\d{4})")
_FINGERPRINT = re.compile(rb"(?:\A|[\r\n:])\s*(?:PRPOS|PP)\s*\d+\s*,\s*\d+")
_FINGERPRINT_PRINTS = re.compile(rb"(?:\A|[\r\n:])\s*(?:PRINTFEED|PF)\b")

_TWO_OCTETS = re.compile(rb"\x1b\$[@B](?:[!-~]{2})+\x1b\([BJ]")
_SETS = re.compile(rb"\x1b(?:\$[@B]|\([BIJ])")
_ANSI = re.compile(rb"\x1b\[[0-9;?]{0,24}[A-Za-z]")


def is_hpgl(head: bytes) -> bool:
    if _HPGL_ENTERED.match(head):
        return not re.search(rb"\x1b%\dA", head)  # a page description that goes back to PCL is PCL
    if _HPGL_CONTROL.match(head) or _HPGL_ALONE.match(head):
        return True
    match = _HPGL.match(head)
    if match is None:
        return False
    if _WORDS.match(head, match.end()):
        return False
    commands = match[0]
    # Words of capitals can be made of commands ("INSPIRED"); numbers and semicolons tell.
    return commands.count(b";") >= 2 or len(re.findall(rb"[A-Z]{2}[-+]?\d", commands)) >= 2


def is_zpl(head: bytes) -> bool:
    return _ZPL.match(head) is not None


def is_epl(head: bytes) -> bool:
    if not _EPL_FIRST.match(head):
        return False
    return all(pattern.search(head) for pattern in (_EPL_CLEARS, _EPL_DRAWS, _EPL_PRINTS))


def is_tspl(head: bytes) -> bool:
    match = _TSPL.match(head)
    return match is not None and _TSPL_MORE.search(head) is not None


def is_cpcl(head: bytes) -> bool:
    return _CPCL.match(head) is not None


def is_sbpl(head: bytes) -> bool:
    return _SBPL.match(head) is not None and _SBPL_COMMAND.search(head) is not None


def is_fingerprint(head: bytes) -> bool:
    return _FINGERPRINT.search(head) is not None and _FINGERPRINT_PRINTS.search(head) is not None


def without_ansi(text: bytes) -> bytes:
    """The text without the escape sequences of terminals (ECMA-48) and those that change its character set (ISO 2022,
    as in RFC 1468), which take no width.
    """
    text = _ANSI.sub(b"", text)
    return _SETS.sub(b"", text) if _TWO_OCTETS.search(text) else text
