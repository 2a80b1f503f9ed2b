"""PostScript made grey by itself: every way to choose a colour, on a device that would print it."""

from __future__ import annotations

import io
import subprocess

import pytest

from platen.documents.analysis import analyse
from platen.documents.rewrite.changes import Changes
from platen.documents.rewrite.rewriting import rewrite

AXIAL = "<< /ShadingType 2 /ColorSpace {} /Coords [0 0 90 0] /Function << /FunctionType 2 /Domain [0 1] {} /N 1 >> >>"
RGB_AXIAL = AXIAL.format("/DeviceRGB", "/C0 [1 0 0] /C1 [0 0 1]")
CMYK_AXIAL = AXIAL.format("[/DeviceCMYK]", "/C0 [1 0 0 0] /C1 [0 0 1 0]")
TILE = "/PatternType 1 /TilingType 1 /BBox [0 0 10 10] /XStep 10 /YStep 10"
BOX = " 0 0 90 90 rectfill"
IMAGE = "90 90 scale {} setcolorspace << /ImageType 1 /Width 2 /Height 1 /ImageMatrix [2 0 0 1 0 0] {} >> image"

LIGHT = "[/CIEBasedABC << /WhitePoint [.9505 1 1.089] {} >>]"
CALIBRATED = LIGHT.format(
    "/DecodeLMN [{ 1.8 exp } bind dup dup] /MatrixLMN [.45 .245 .025 .316 .672 .141 .185 .083 .923]"
)

WAYS = {
    "rgb": "1 0 0 setrgbcolor" + BOX,
    "hsb": "0.3 1 1 sethsbcolor" + BOX,
    "cmyk": "0 1 1 0 setcmykcolor" + BOX,
    "bound": "/rg { setrgbcolor } bind def 0 1 1 rg" + BOX,
    "space": "/DeviceRGB setcolorspace 0 0 1 setcolor" + BOX,
    "array": "[/DeviceCMYK] setcolorspace 1 0 0 0 setcolor" + BOX,
    "kept": "/DeviceRGB setcolorspace currentcolorspace setcolorspace 0 1 0 setcolor" + BOX,
    "spot": "[/Separation /Spot /DeviceCMYK { dup 0 exch 0 exch 0 }] setcolorspace 1 setcolor" + BOX,
    "process": "[/Separation /Cyan /DeviceRGB { 1 exch sub dup 1 }] setcolorspace .5 setcolor" + BOX,
    "calibrated": f"{CALIBRATED} setcolorspace 1 0 0 setcolor" + BOX,
    "calibrated picture": IMAGE.format(
        LIGHT.format("/RangeABC [0 1 0 1.0 0 1]"),
        "/BitsPerComponent 8 /Decode [0 1 0 1 0 1] /DataSource <ff000000ff00>",
    ),
    "inks": "[/DeviceN [/A /B] /DeviceRGB { 0 }] setcolorspace 1 .5 setcolor" + BOX,
    "indexed": "[/Indexed /DeviceRGB 1 <ff000000ff00>] setcolorspace 1 setcolor" + BOX,
    "picture": "90 90 scale 2 1 8 [2 0 0 1 0 0] { <ff000000ff00> } false 3 colorimage",
    "planes": "90 90 scale 2 1 8 [2 0 0 1 0 0] { <ff00> } { <00ff> } { <0000> } true 3 colorimage",
    "inks picture": "90 90 scale 2 1 4 [2 0 0 1 0 0] { <0f000ff0> } false 4 colorimage",
    "dictionary": IMAGE.format("/DeviceRGB", "/BitsPerComponent 8 /Decode [0 1 0 1 0 1] /DataSource <ff000000ff00>"),
    "palette": IMAGE.format(
        "[/Indexed /DeviceRGB 1 <ff000000ff00>]", "/BitsPerComponent 8 /Decode [0 255] /DataSource <0001>"
    ),
    "shading": f"0 0 90 90 rectclip {RGB_AXIAL} shfill",
    "shading pattern": f"<< /PatternType 2 /Shading {CMYK_AXIAL} >> matrix makepattern setpattern" + BOX,
    "pattern": f"<< {TILE} /PaintType 1 /PaintProc {{ pop 1 0 1 setrgbcolor 0 0 5 5 rectfill }} >>"
    " matrix makepattern setpattern" + BOX,
    "uncoloured pattern": f"[/Pattern /DeviceRGB] setcolorspace 1 0 0 << {TILE} /PaintType 2"
    " /PaintProc { pop 0 0 5 5 rectfill } >> matrix makepattern setcolor" + BOX,
    "transfer": "{ } { pop 0 } { pop 1 } { } setcolortransfer .5 setgray" + BOX,
}


def gray(way: str) -> bytes:
    program = f"%!PS-Adobe-3.0\n%%EndComments\ngsave {way} grestore showpage\n".encode()
    out = io.BytesIO()
    assert rewrite(program, Changes(monochrome=True), out).has_color is False
    return out.getvalue()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_every_way_to_choose_a_colour_becomes_grey(way):
    """A program made grey shows no colour, and its marks are still there. SC-RBPACT-05"""
    facts = analyse(gray(way))
    assert [(run.color, run.blank) for run in facts.page_runs] == [(False, False)]
    assert facts.problems == ()


@pytest.mark.peer
def test_a_colour_device_prints_it_with_black_ink_alone():
    """Ghostscript, whose colour devices take no notice of a wish for grey, finds black ink alone."""
    for name, way in WAYS.items():
        command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-r36", "-sDEVICE=inkcov", "-o", "-", "-"]
        ended = subprocess.run(command, input=gray(way), capture_output=True, check=True)
        *inks, black = map(float, ended.stdout.split()[:4])
        assert (max(inks), black > 0) == (0, True), name
