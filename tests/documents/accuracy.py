"""How right the facts of the recorded files are: `python -m tests.documents.accuracy` prints docs/accuracy.md's table.

With --differences, every difference as a line.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, PageRun
from platen.documents.limits import AnalysisOptions
from tests.documents.expected import PDL, SIZE_TOLERANCE_MM, Expected, entries, expected_of, passwords_of

TITLES = {
    "pdf": "PDF",
    "ps": "PostScript, EPS",
    "pcl5": "PCL 5",
    "pclxl": "PCL XL",
    "pcl3": "PCL 3 GUI",
    "pwg": "PWG raster",
    "urf": "Apple raster",
    "made": "drivers' jobs of known content",
    "tiff": "TIFF",
    "jpeg": "JPEG",
    "xps": "XPS",
    "zpl": "ZPL",
    "escp": "ESC/P",
    "escpos": "ESC/POS",
    "hpgl": "HP-GL",
    "text": "text",
    "other": "host-based",
}


COLUMNS = ("format", "files", "counted", "pages right", "sizes right", "colour right", "beyond doubt", "sides right")


@dataclass(slots=True)
class Score:
    """Of one family: what was compared, and what of it was right. Files are counted for pages and sides, pages else."""

    files: int = 0
    told: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    answered: int = 0  # files with a number of pages

    def cell(self, what: str) -> str:
        return f"{self.right[what]} of {self.told[what]}" if self.told[what] else "–"


def facts_of(name: str) -> DocumentFacts:
    """As `platen analyse` gives them, with the password where the file needs one that is known."""
    password = next(iter(passwords_of(name)), None)
    with (PDL / name).open("rb") as file:
        return analyse(file, options=AnalysisOptions(password=password))


def run_of(facts: DocumentFacts, page: int) -> PageRun | None:
    return next((run for run in facts.page_runs if run.first <= page <= run.last), None)


def differences(expected: Expected, facts: DocumentFacts, score: Score) -> Iterator[str]:
    """What is not as other programs say, as sentences; counts into the score on the way."""
    score.files += 1
    score.answered += facts.pages is not None
    if expected.pages is not None:
        score.told["pages"] += 1
        if facts.pages == expected.pages:
            score.right["pages"] += 1
        else:
            yield f"pages: {facts.pages}, others say {expected.pages}"
    for page, size in (expected.sizes or {}).items():
        run = run_of(facts, page)
        if run is None or run.width_mm is None or run.height_mm is None:
            continue
        score.told["sizes"] += 1
        if max(abs(run.width_mm - size[0]), abs(run.height_mm - size[1])) <= SIZE_TOLERANCE_MM:
            score.right["sizes"] += 1
        else:
            yield f"page {page}: {run.width_mm} x {run.height_mm} mm, others say {size[0]:.1f} x {size[1]:.1f}"
    yield from _color_differences(expected, facts, score)
    if expected.sides is not None:
        score.told["sides"] += 1
        if (facts.sides or "one-sided") == expected.sides:
            score.right["sides"] += 1
        else:
            yield f"sides: {facts.sides}, others say {expected.sides}"


def _color_differences(expected: Expected, facts: DocumentFacts, score: Score) -> Iterator[str]:
    if expected.color_pages is None or facts.pages is None:
        return
    wrong = []
    for page in range(1, facts.pages + 1):
        run = run_of(facts, page)
        if run is None:
            continue
        score.told["colour"] += 1
        is_right = run.color == (page in expected.color_pages)
        score.right["colour"] += is_right
        if page in expected.safe:
            score.told["safe"] += 1
            score.right["safe"] += is_right
        if not is_right:
            wrong.append(f"{page}{'' if run.color is not None else '?'}{'!' if page in expected.safe else ''}")
    if wrong:
        yield f"colour of pages {', '.join(wrong[:30])}"


def main() -> None:
    """Print the table."""
    scores: dict[str, Score] = defaultdict(Score)
    lines: list[str] = []
    for name in sorted(entries()):
        expected = expected_of(name)
        found = list(differences(expected, facts_of(name), scores[expected.family]))
        lines += [f"{name}: {each}" for each in found]
    if "--differences" in sys.argv:
        print("\n".join(lines))
    print(f"| {' | '.join(COLUMNS)} |")
    print("|---" * len(COLUMNS) + "|")
    for family in TITLES:
        if family in scores:
            print(row_of(family, scores[family]))


def row_of(family: str, score: Score) -> str:
    """One line of the table."""
    cells = map(score.cell, ("pages", "sizes", "colour", "safe", "sides"))
    return f"| {' | '.join((TITLES[family], str(score.files), str(score.answered), *cells))} |"


if __name__ == "__main__":
    main()
