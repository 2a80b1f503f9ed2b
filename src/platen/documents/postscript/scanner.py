"""From octets to objects (PostScript Language Reference, section 3.2), one object at a time.

A file is read exactly as far as its last token and one white space behind it, because what follows may be data that
the program reads itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from platen.documents.postscript.objects import Array, PostScriptError, String, Value, Word

if TYPE_CHECKING:
    from platen.documents.postscript.files import InputFile
    from platen.documents.postscript.machine import Machine

END = object()  # no further token

_BLANK = rb"\x00\t\n\f\r "
_NEWLINE = rb"(?:\r\n|[\x00\t\n\f\r ])?"
_TOKEN = re.compile(
    rb"(?>[" + _BLANK + rb"]+|%[^\r\n\f]*+)*+"
    rb"(?:"
    rb"([^\x00\x04\t\n\f\r ()<>\[\]{}/%]++)"
    + _NEWLINE  # 1: a number or an executable name
    + rb"|(//?)([^\x00\t\n\f\r ()<>\[\]{}/%]*+)"
    + _NEWLINE  # 2, 3: a literal or immediately evaluated name
    + rb"|([{}])"  # 4
    rb"|(\()"  # 5
    rb"|(<<|>>|[\[\]])"  # 6
    rb"|(<~?)"  # 7
    rb"|(.)"  # 8: a stray delimiter
    rb")",
    re.DOTALL,
)
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_RADIX = re.compile(rb"(\d{1,2})#([0-9A-Za-z]{1,32})")
_STRING_STOP = re.compile(rb"[()\\\r]")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|[\r\n])|(.))|(\r\n?)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NOT_HEX = bytes(octet for octet in range(256) if octet not in b"0123456789abcdefABCDEF")
_STRING_MAX = 500_000  # octets of a literal
_DEPTH_MAX = 200  # procedures within procedures
_WORDS_MAX = 20_000  # distinct tokens remembered
_INTEGER_LIMIT = 1 << 31

_words: dict[str, Word] = {}


def word(name: str) -> Word:
    """The executable name; the usual ones are shared."""
    found = _words.get(name)
    if found is None:
        found = Word(name)
        if len(_words) < _WORDS_MAX:
            _words[name] = found
    return found


def number_of(token: bytes) -> int | float | None:
    """The number that a token spells, or None (section 3.2.2: integers, reals and radix numbers)."""
    if token.isdigit() and len(token) < 10:
        return int(token)
    if _NUMBER.fullmatch(token):
        if len(token) < 12 and not (b"." in token or b"e" in token or b"E" in token):
            value = int(token)
            return value if -_INTEGER_LIMIT <= value < _INTEGER_LIMIT else float(value)
        value_real = float(token)
        if value_real in (float("inf"), float("-inf")):
            raise PostScriptError("limitcheck")
        return value_real
    if match := _RADIX.fullmatch(token):
        try:
            value = int(match[2], int(match[1]))
        except ValueError:
            return None
        return value - (1 << 32) if _INTEGER_LIMIT <= value < (1 << 32) else value
    return None


def unescaped(body: bytes) -> bytes:
    """The octets of a literal string."""

    def replace(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 8) & 0xFF])
        if match[2]:
            return b""
        if match[4]:
            return b"\n"
        return _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(replace, body) if b"\\" in body or b"\r" in body else body


class Scanner:
    """Makes objects from the tokens of files and strings."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: dict[bytes, Value] = {}

    def next_object(self, file: InputFile) -> Value:
        """The next object, or END. Raises: PostScriptError (syntaxerror)."""
        machine = self._machine
        machine.steps += 1
        if machine.steps > machine.steps_max:
            machine.out_of_steps()
        value = self._simple(file)
        return self._procedure(file) if value is _OPEN else value

    def _simple(self, file: InputFile) -> Value:
        """The next object, where `{` and `}` are objects of their own."""
        match = _TOKEN.match(file.buffer, file.position, file.end)
        while match is None and file.more():
            match = _TOKEN.match(file.buffer, file.position, file.end)
        if match is None:
            file.position = file.end
            return END
        while match.end() == file.end and file.more():  # the token may go on
            match = _TOKEN.match(file.buffer, file.position, file.end) or match
        file.position = match.end()
        token = match[1]
        if token is not None:
            known = self._known.get(token)
            return known if known is not None else self._word(token)
        return self._other(file, match)

    def _word(self, token: bytes) -> Value:
        value: Value = number_of(token)
        if value is None:
            value = word(token.decode("latin-1"))
        if len(self._known) < _WORDS_MAX and len(token) < 64:
            self._known[token] = value
        return value

    def _other(self, file: InputFile, match: re.Match[bytes]) -> Value:
        kind = match.lastindex
        if kind == 3:
            name = match[3].decode("latin-1")
            return name if match[2] == b"/" else self._machine.load(name)
        if kind == 4:
            return _OPEN if match[4] == b"{" else _CLOSE
        if kind == 5:
            return self._string(file)
        if kind == 6:
            return word(match[6].decode())
        if kind == 7:
            return self._hexadecimal(file) if match[7] == b"<" else self._base85(file)
        if match[8] == b"\x04":
            return word("\x04")
        raise PostScriptError("syntaxerror")

    def _procedure(self, file: InputFile) -> Value:
        """Everything to the closing brace. Nested ones are kept on a list, not on Python's stack."""
        machine, simple = self._machine, self._simple
        outer: list[list[Value]] = []
        items: list[Value] = []
        append = items.append
        while True:
            value = simple(file)
            if value is _CLOSE:
                machine.take_memory(len(items) * 8 + 64)
                body = Array(items, executable=True)
                if not outer:
                    return body
                items = outer.pop()
                append = items.append
                append(body)
            elif value is _OPEN:
                if len(outer) >= _DEPTH_MAX:
                    raise PostScriptError("limitcheck")
                outer.append(items)
                items = []
                append = items.append
            elif value is END:
                raise PostScriptError("syntaxerror")
            else:
                machine.steps += 1
                append(value)

    def _string(self, file: InputFile) -> String:
        """A literal string, from behind its opening parenthesis."""
        depth = 1
        position = file.position
        while True:
            match = _STRING_STOP.search(file.buffer, position, file.end)
            if match is None:
                if file.more():
                    continue
                raise PostScriptError("syntaxerror")
            position = match.end()
            character = match[0]
            if character == b"\\":
                while position >= file.end and file.more():
                    pass
                position += 1
            elif character == b"(":
                depth += 1
                self._machine.steps += 1
            elif character == b")":
                depth -= 1
                if depth == 0:
                    break
        body = bytes(file.buffer[file.position : position - 1])
        file.position = position
        self._limit(body)
        return String(bytearray(unescaped(body)))

    def _limit(self, body: bytes) -> None:
        """Strings may be longer than a program can make them, but not so long that each look at them is work."""
        self._machine.take_memory(len(body))
        if len(body) > _STRING_MAX:
            raise PostScriptError("limitcheck")

    def _up_to(self, file: InputFile, stop: bytes) -> bytes:
        at = file.buffer.find(stop, file.position, file.end)
        while at < 0 and file.more():
            at = file.buffer.find(stop, file.position, file.end)
        if at < 0:
            raise PostScriptError("syntaxerror")
        body = bytes(file.buffer[file.position : at])
        file.position = at + len(stop)
        self._limit(body)
        return body

    def _hexadecimal(self, file: InputFile) -> String:
        digits = self._up_to(file, b">").translate(None, _NOT_HEX)
        return String(bytearray(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())))

    def _base85(self, file: InputFile) -> String:
        from platen.documents.postscript.decoders import ascii85

        return String(bytearray(ascii85(self._up_to(file, b"~>"))))


_OPEN = object()
_CLOSE = word("}")  # where no brace is open it is executed, and is not defined: a syntax error as good as any
