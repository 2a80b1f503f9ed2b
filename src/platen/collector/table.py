"""Reading a table of TOML: typed values with bounds, a finding for whatever is not as it should be."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from platen.collector.findings import Finding, Level

SECRET_OCTETS_MAX = 65_536


class Table:
    """One table; what was asked for and is not there has its default. `finish` names what nobody asked for."""

    def __init__(self, values: object, place: str, findings: list[Finding], folder: Path) -> None:
        self._place = place
        self._findings = findings
        self._folder = folder
        self._asked: set[str] = set()
        self._values: dict[str, Any] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict | None):
            self.problem("", "This is to be a table of settings.", "Write the name in brackets on a line of its own.")

    def problem(self, name: str, sentence: str, advice: str = "", *, level: Level = Level.PROBLEM) -> None:
        """Note what is wrong with a setting."""
        place = ".".join(filter(None, (self._place, name)))
        self._findings.append(Finding(level, place or "the file", sentence, advice))

    def text(self, name: str, default: str = "", *, needed: str = "", of: Collection[str] = ()) -> str:
        """A text. needed: what to do where it is not there. of: the only ones that can be."""
        value: str = self._take(name, str, default, "Write a text in quotation marks.")
        if not value and needed:
            self.problem(name, "It is not set.", needed)
        elif of and value not in of:
            self.problem(name, f"“{value}” is not known.", f"Write one of {', '.join(of)}.")
            return default
        return value

    def number(self, name: str, default: float, least: float, most: float) -> float:
        """A number within bounds."""
        value: float = self._take(name, (int, float), default, "Write a number.")
        if not least <= value <= most:
            self.problem(name, f"{value:g} is out of bounds.", f"Write a number from {least:g} to {most:g}.")
            return default
        return value

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        return int(self.number(name, default, least, most))

    def switch(self, name: str, default: bool) -> bool:
        """true or false."""
        return bool(self._take(name, bool, default, "Write true or false."))

    def texts(self, name: str, default: tuple[str, ...], *, of: Collection[str] = ()) -> tuple[str, ...]:
        """A list of texts."""
        values = self._take(name, list, list(default), 'Write a list, such as ["a", "b"].')
        wrong = [value for value in values if not isinstance(value, str) or (of and value not in of)]
        if wrong:
            self.problem(name, f"{wrong[0]!r} is not known.", f"Write of {', '.join(of)}." if of else "Write texts.")
            return default
        return tuple(values)

    def path(self, name: str, default: str = "", *, needed: str = "") -> str:
        """An absolute path, whether or not there is something; relative ones begin where the file lies."""
        named = self.text(name, default, needed=needed)
        return str(self._folder / named) if named else ""

    def file(self, name: str) -> str:
        """A file's absolute path, which has to be there; empty where none is named."""
        named = self.text(name)
        if not named:
            return ""
        path = self._folder / named
        if not path.is_file():
            self.problem(name, f"There is no file {path}.", "Give the path of a file; it may be relative to this one.")
        return str(path)

    def secret(self, name: str, *, needed: str = "") -> str:
        """A secret: written here, or in the file that NAME_file names."""
        value = self.text(name)
        path = self.file(f"{name}_file")
        if not value and path and Path(path).is_file():
            try:
                with Path(path).open(encoding="utf-8") as opened:
                    value = opened.read(SECRET_OCTETS_MAX).strip()
            except (OSError, UnicodeDecodeError) as error:
                self.problem(f"{name}_file", f"It cannot be read: {error}.", "See who may read it.")
        if not value and needed and not path:
            self.problem(name, "It is not set.", needed)
        return value

    def table(self, name: str) -> Table:
        """A table within."""
        self._asked.add(name)
        return Table(
            self._values.get(name, {}), ".".join(filter(None, (self._place, name))), self._findings, self._folder
        )

    def tables(self, name: str) -> list[Table]:
        """Tables of one name, as [[NAME]] writes them."""
        values = self._take(name, list, [], f"Write [[{name}]] on a line of its own before each.")
        return [
            Table(value, f"{self._place}{name} {number}", self._findings, self._folder)
            for number, value in enumerate(values, 1)
        ]

    def finish(self) -> None:
        """Name what is written and means nothing: a slip of the pen in a mask must not go unseen."""
        for name in self._values.keys() - self._asked:
            self.problem(str(name)[:60], "There is no such setting.", f"Known are {', '.join(sorted(self._asked))}.")

    def _take(self, name: str, kind: type | tuple[type, ...], default: Any, how: str) -> Any:
        self._asked.add(name)
        value = self._values.get(name, default)
        right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not right:
            self.problem(name, f"{value!r} cannot be.", how)
            return default
        return value
