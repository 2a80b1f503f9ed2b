"""Which fonts of a PDF file are only named, so that the device prints with what it has instead."""

from __future__ import annotations

import re

from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.syntax import Dictionary, Ref, Stream, Value

_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_SUBSET = re.compile(r"[A-Z]{6}\+")
_LOOKS_MAX = 20_000  # resource dictionaries, fonts and forms of one file
_NAMES_MAX = 500
_NAME_CHARACTERS_MAX = 127  # ISO 32000-1 annex C


class FontReader:
    """Collects the names of fonts without a font file; each object is looked at once.

    The resources of pages and of the forms that they show are searched, whether or not their content uses the font.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._seen: set[Ref] = set()
        self._looks_left = _LOOKS_MAX
        self._last: Value = None
        self.not_embedded: set[str] = set()

    @property
    def exhausted(self) -> bool:
        return self._looks_left <= 0

    def look_at(self, resources: Value) -> None:
        """Look at a page's /Resources. Raises: Irregular."""
        if resources is self._last:  # mostly the very same, as readers share what they parsed
            return
        self._last = resources
        found = self._once(resources)
        waiting = [found] if found is not None else []
        while waiting:
            found = waiting.pop()
            if "/Font" in found:
                for font in self._new_in(found["/Font"]):
                    self._look_at_font(font)
            if "/XObject" in found:
                inner = [self._once(shown.get("/Resources")) for shown in self._new_in(found["/XObject"])]
                waiting += [each for each in inner if each is not None]

    def _new_in(self, group: Value) -> list[Dictionary]:
        """What a group of named resources holds and was not looked at before."""
        found = self._once(group)
        if found is None:
            return []
        seen = self._seen
        unseen = [value for value in found.values() if value.__class__ is not Ref or value not in seen]
        if not unseen:
            return []
        return [new for new in map(self._once, unseen) if new is not None]

    def look_at_notes(self, notes: Value) -> None:
        """Look at a page's /Annots: form fields and notes bring an appearance of their own. Raises: Irregular."""
        for note in array(self._objects, notes):
            look = dictionary(self._objects, (self._once(note) or {}).get("/AP")).get("/N")
            self.look_at(dictionary(self._objects, look).get("/Resources"))

    def _once(self, value: Value) -> Dictionary | None:
        """A dictionary the first time that it comes up, or that of a form; None otherwise."""
        if isinstance(value, Ref):
            if value in self._seen or self._looks_left <= 0:
                return None
            self._seen.add(value)
            self._looks_left -= 1
            value = self._objects.resolve(value)
        if isinstance(value, Stream):
            return value.attributes if value.attributes.get("/Subtype") == "/Form" else None
        return value if isinstance(value, dict) else None

    def _look_at_font(self, font: Dictionary | None) -> None:
        if font is None or font.get("/Subtype") == "/Type3" or len(self.not_embedded) >= _NAMES_MAX:
            return
        name = self._objects.resolve(font.get("/BaseFont"))
        if font.get("/Subtype") == "/Type0":
            descendants = array(self._objects, font.get("/DescendantFonts"))
            font = dictionary(self._objects, descendants[0] if descendants else None)
        descriptor = dictionary(self._objects, font.get("/FontDescriptor"))
        if isinstance(name, str) and not any(descriptor.get(key) is not None for key in _FONT_FILES):
            self.not_embedded.add(_plain_name(name))


def _plain_name(name: str) -> str:
    """A font's name without the slash and the letters of a subset; names are UTF-8 (section 7.3.5)."""
    text = name[1:].encode("latin-1", "replace").decode("utf-8", "replace")
    return _SUBSET.sub("", text[:_NAME_CHARACTERS_MAX], count=1)
