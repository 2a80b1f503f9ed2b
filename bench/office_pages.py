"""Pages as offices print them: text, a rule, a chart in colour on every fifth page, a small picture on every tenth."""

from __future__ import annotations

import io
import random
import subprocess
import zlib
from pathlib import Path

import pikepdf

WORDS = ["print", "hold", "release", "count", "price", "sheet", "colour", "device", "paper", "report", "meeting"]
A4 = (595.28, 841.89)
PAGES = 8

# What a driver makes of it; the same pages as raster and as the PCL languages.
RASTER_AND_PCL = {"pwg_raster": "pwgraster", "apple_raster": "urf", "pcl5": "ljet4", "pcl_xl": "pxlmono"}

_STARTS = {"pwgraster": 4, "urf": 12}  # octets before the first page, not to be repeated


def office_pdf(pages: int, *, object_streams: bool) -> bytes:
    """A PDF document; each page has a content stream, a font and sometimes a picture of its own."""
    source = random.Random(5)
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for number in range(pages):
            page = pdf.add_blank_page(page_size=A4)
            resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            content = _text(source) + (_chart(source) if number % 5 == 4 else b"")
            if number % 10 == 9:
                resources.XObject = pikepdf.Dictionary(Im=_picture(pdf, source))
                content += b"q 120 0 0 90 72 90 cm /Im Do Q\n"
            page.obj.Resources = resources
            page.obj.Contents = pdf.make_stream(content)
        stream = io.BytesIO()
        mode = pikepdf.ObjectStreamMode.generate if object_streams else pikepdf.ObjectStreamMode.disable
        pdf.save(stream, object_stream_mode=mode)
    return stream.getvalue()


def _text(source: random.Random) -> bytes:
    lines = [" ".join(source.choices(WORDS, k=12)) for _ in range(45)]
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    return f"0 g BT /F1 10 Tf 14 TL 72 780 Td {shown} ET\n0.5 w 72 790 m 520 790 l S\n".encode()


def _chart(source: random.Random) -> bytes:
    bars = (
        f"0.1 0.3 {source.random():.2f} rg {90 + 30 * n} 200 20 {source.randint(20, 160)} re f\n" for n in range(10)
    )
    return "".join(bars).encode()


def _picture(pdf: pikepdf.Pdf, source: random.Random) -> pikepdf.Object:
    samples = bytes(min(255, x + source.randint(0, 9)) for y in range(90) for x in range(120))
    return pikepdf.Stream(
        pdf,
        zlib.compress(samples),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=120,
        Height=90,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.FlateDecode,
    )


def printed_by(device: str, folder: Path) -> bytes:
    """The pages as one of Ghostscript's drivers prints them at 600 dpi."""
    source, target = folder / "office.pdf", folder / f"office.{device}"
    if not target.exists():
        source.write_bytes(office_pdf(PAGES, object_streams=False))
        options = ["-dSAFER", "-dBATCH", "-dNOPAUSE", "-q", "-r600", f"-sDEVICE={device}"]
        subprocess.run(["gs", *options, "-o", str(target), str(source)], check=True, capture_output=True)
    return target.read_bytes()


def repeated(document: bytes, path: Path, size_bytes: int, device: str) -> Path:
    """Write the document over and over, as one job, until the file has about that size."""
    start = _STARTS.get(device, 0)
    head = document[:start]
    if device == "urf":  # a phone that prints on does not know how many pages there will be
        head = head[:8] + bytes(4)
    with path.open("wb") as file:
        file.write(head)
        pages = document[start:]
        block = pages * max(1, 32_000_000 // len(pages))
        while file.tell() + len(block) <= size_bytes:
            file.write(block)
        while file.tell() < size_bytes:
            file.write(pages)
    return path
