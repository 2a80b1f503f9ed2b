"""How much work one analysis may do.

Every bound is a count, never a time, so the same file always gives the same facts. Whoever runs the analysis adds
bounds on time and memory from outside (see `platen.services.analysis`).
"""

from __future__ import annotations

from dataclasses import dataclass


class OutOfTime(BaseException):
    """Whoever runs an analysis raises this inside it, by a signal, when its time is over.

    Not an Exception: no reader may take it for damage and go on. `analyse` gives the facts found so far.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisLimits:
    """Bounds of one analysis. Where one is reached the facts so far are given, with a problem that says so."""

    pages_max: int = 1_000_000
    runs_max: int = 20_000  # runs of unlike pages kept; the pages after it are still counted
    copies_max: int = 9_999  # of a page or a set
    problems_max: int = 20
    unpacked_bytes_max: int = 256 * 1024 * 1024  # of a gzip-wrapped document
    read_bytes_max: int = 16 * 1024 * 1024 * 1024  # of a stream, which is kept in a file while it is looked at
    raster_steps_max: int = 200_000_000  # compressed lines walked; far more than are walked before time is over
    raster_look_bytes_max: int = 256 * 1024 * 1024  # of compressed lines walked to see what is on the pages
    pcl_commands_max: int = 5_000_000  # steps: escape sequences, tags of PCL XL, that no pattern passes over
    raster_color_bytes_max: int = 256 * 1024 * 1024  # of PCL rows unpacked for colour, whole document
    pdf_content_bytes_max: int = 256 * 1024 * 1024  # of content streams read for colour, whole document
    pdf_stream_bytes_max: int = 32 * 1024 * 1024  # of one content stream
    picture_bytes_max: int = 64 * 1024 * 1024  # of decoded samples looked at for colour, whole document
    pdf_page_effort_max: int = 100_000_000  # content and picture samples that rendering one page may take
    pdf_render_effort_max: int = 600_000_000  # the same, whole document
    pdf_depth_max: int = 12  # forms within forms, colour spaces within colour spaces
    postscript_steps_max: int = 4_000_000  # operators executed and tokens read of a program that is run
    postscript_memory_max: int = 256 * 1024 * 1024  # that a PostScript program allocates, whether freed or not
    postscript_decoded_bytes_max: int = 640 * 1024 * 1024  # of filters and pictures; a page at 600 dpi has 100 MB
    escp_runs_max: int = 60_000_000  # compressed runs of ESC/P walked; beyond, pages are estimated by form feeds
    qpdl_steps_max: int = 5_000_000  # pixels of JBIG decoded one by one, and runs of QPDL, to see what is marked
    device_steps_max: int = 8_000_000  # commands, records and runs of languages that no pattern passes over
    escpage_commands_max: int = 1_000_000  # of ESC/Page that no pattern passes over; a page has about twenty
    package_bytes_max: int = 512 * 1024 * 1024  # unpacked from an XPS package, all parts together
    hpgl_points_max: int = 500_000  # positions followed for the size of a plot that does not state it


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOptions:
    """What the caller wants looked at, and how far."""

    coverage: bool = False  # render pages and measure how much of each ink they take; slow
    password: str | None = None  # opens an encrypted document; an empty one is always tried
    color: bool = True  # False: do not look into pages for colour; their `color` is then None
    limits: AnalysisLimits = AnalysisLimits()
    text_lines_per_page: int = 60  # of plain text: 6 lines an inch on Letter or A4 with the usual margins
    text_columns: int = 80
