"""What pool and worker say to each other over their socket pair.

message   length (4 octets, big-endian)  JSON in UTF-8
request   {"task": "analyse", "declared": media type or null, "options": {...}} or
          {"task": "format", "declared": media type or null} or
          {"task": "preview", "declared": media type or null, "box_px": [width, height], "password": text or null},
          with the document's descriptor attached to its first octet
reply     DocumentFacts.to_dict(), or {"format": media type}, or {"png": base64 or null};
          "postscript_at": offset, where Ghostscript could go on;
          and "retire": true where the worker ends after it
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from platen.documents.limits import AnalysisOptions

PREFIX = struct.Struct(">I")
REQUEST_BYTES_MAX = 4096

_DEFAULTS = AnalysisOptions()
_CHOSEN = ("color", "coverage", "password", "text_lines_per_page", "text_columns")


def encode(message: Mapping[str, Any]) -> bytes:
    """One message with its length."""
    octets = json.dumps(message, separators=(",", ":")).encode()
    return PREFIX.pack(len(octets)) + octets


def options_to_plain(options: AnalysisOptions) -> dict[str, Any]:
    """What a caller may choose, where it differs from the default; bounds are the worker's own."""
    chosen = {name: getattr(options, name) for name in _CHOSEN}
    return {name: value for name, value in chosen.items() if value != getattr(_DEFAULTS, name)}


def options_from_plain(plain: Mapping[str, Any]) -> AnalysisOptions:
    """The inverse of `options_to_plain`."""
    return replace(_DEFAULTS, **{name: value for name, value in plain.items() if name in _CHOSEN})
