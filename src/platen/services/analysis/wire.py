"""What pool and worker say to each other over their socket pair.

message   length (4 octets, big-endian)  JSON in UTF-8
request   {"declared": media type or null, "cpu_s": 10}, with the document's descriptor attached to its first octet
reply     DocumentFacts.to_dict(), and "retire": true where the worker ends after it
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

PREFIX = struct.Struct(">I")
REQUEST_BYTES_MAX = 4096


def encode(message: Mapping[str, Any]) -> bytes:
    """One message with its length."""
    octets = json.dumps(message, separators=(",", ":")).encode()
    return PREFIX.pack(len(octets)) + octets
