"""Documents' names, short enough for the small screen of a device."""

from __future__ import annotations

from functools import lru_cache

from platen.policy.job_names import PREFIXES_DEFAULT, prefixes_from_text, shortened
from platen.tenants.queries import current_policy


def short_name(job_name: str) -> str:
    """The name without the beginning that the organisation, or everybody, has cut off."""
    return shortened(job_name, _prefixes(current_policy().job_name_prefixes))


@lru_cache(maxsize=256)
def _prefixes(text: str) -> tuple[str, ...]:
    return prefixes_from_text(text) if text.strip() else PREFIXES_DEFAULT
