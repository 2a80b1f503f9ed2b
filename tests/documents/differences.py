"""Files of the corpus whose facts differ from what other programs say, and why ours are right, or what is missing."""

from __future__ import annotations

_USER_UNIT = "the page has a UserUnit (ISO 32000-1 section 14.11.2), which the other reader leaves out of the size"
_SETS_ONLY = "a format without a field sets the printer up, or is stored; no label comes out of it (^FD, ^DF)"
_NOT_PRINTED = "a frame or a note without the Print flag (ISO 32000-1 section 12.5.3) is not on paper"
_LOCKED = "the password is not known, so nobody can say what the page shows"
_NO_TREE = "the page object is not in a page tree; it is counted as an estimate; other readers find no size"
_UNREADABLE = "damaged beyond reading: no reader finds a page that can be printed, and a renderer prints nothing"
_SETUP_ONLY = "HP-GL/2 set-up in front of the first page draws nothing, so no page comes out before that one"
_THUMBNAIL = "the second picture is a thumbnail or a mask of the first (NewSubfileType), not a page"
_NO_HEADER = "a PostScript program without %!, which only a declared format tells from text"
_STOPS = "marks one page and stops with an error when it is run; what a device prints then is its own affair"

DIFFERENCES: dict[str, str] = {
    "made/brlaser-dcpl2520d-a4-duplex-10p.prn": "long edge was asked for; the driver wrote short edge (ESC &l2S)",
    "pcl5/gstests__LinePrinter1666-850_symbolset_PC-8.pcl": "text flows over the foot of the page three times",
    "pcl5/gstests__aes295.pcl": _SETUP_ONLY,
    "pcl5/gstests__grashopp.pcl": _SETUP_ONLY,
    "pcl5/gstests__ieee0995.pcl": _SETUP_ONLY,
    "pcl5/gstests__fontpage.pcl": "font data without a single command: no format can be told",
    "pcl5/gstests__owl.pcl": "an orientation that is in force already ejects no page",
    "pdf/opf__T02-02_002_page-tree-kids-links-recursive.pdf": _NO_TREE,
    "pdf/opf__T02-02_005_page-tree-no-kids.pdf": _NO_TREE,
    "pdf/opf__T02-02_007_page-tree-wrong-count.pdf": "/Count claims 9, one page is there; a renderer prints one",
    "pdf/pdfjs__ContentStreamCycleType3insideType3.pdf": "glyphs that show themselves: too laborious to render",
    "pdf/pdfjs__Pages-tree-refs.pdf": "the second branch of the page tree is a loop; a renderer prints one page",
    "pdf/pdfjs__issue15893_reduced.pdf": _LOCKED,
    "pdf/pdfjs__issue17215.pdf": _NOT_PRINTED,
    "pdf/pdfjs__issue19484_2.pdf": _LOCKED,
    "pdf/pdfjs__page_with_number_and_link.pdf": _NOT_PRINTED,
    "pdf/pdfjs__poppler-742-0-fuzzed.pdf": _UNREADABLE,
    "pdf/pdfjs__poppler-937-0-fuzzed.pdf": _UNREADABLE,
    "pdf/pypdf__mistitled_outlines_example.pdf": _NOT_PRINTED,
    "pdf/pypdf__pdflatex-outline.pdf": _NOT_PRINTED,
    "pdf/safedocs__Dialect-DictIsStream.pdf": "a page object that is a stream; renderers differ",
    "pdf/safedocs__list-of-uri-actions-with-base.pdf": _NOT_PRINTED,
    "ps/foo2zjs__align.ps": _STOPS,
    "ps/ghostpdl__spots.ps": _NO_HEADER,
    "ps/gstests__ICCBased-string-source.ps": "paints in colour only where the product is Ghostscript",
    "ps/gstests__jointest.ps": _NO_HEADER,
    "ps/ppr__multimedia.ps": "names no size; the size is the reader's default, Letter here and A4 there",
    "tiff/pillow__hopper.Lab.tif": _THUMBNAIL,
    "tiff/pillow__lab-red.tif": _THUMBNAIL,
    "tiff/pillow__tiff_16bit_RGBa.tiff": _THUMBNAIL,
    "pdf/qpdf__form-xobjects-out.pdf": _USER_UNIT,
    "pdf/qpdf__fx-overlay-57.pdf": _USER_UNIT,
    "pdf/qpdf__fx-overlay-59.pdf": _USER_UNIT,
    "pdf/qpdf__fxo-blue.pdf": _USER_UNIT,
    "pdf/qpdf__fxo-red-rotate.pdf": _USER_UNIT,
    "pdf/qpdf__overlay-copy-annotations.pdf": _USER_UNIT,
    "pdf/qpdf__uo-2.pdf": _USER_UNIT,
    "pdf/qpdf__uo-5.pdf": _USER_UNIT,
    "pdf/safedocs__CompactedPDFSyntaxTest.pdf": _USER_UNIT,
    "zpl/zebrash__qr_code_ft_manual.zpl": _SETS_ONLY,
    "zpl/zebrash__templating.zpl": _SETS_ONLY,
    "zpl/zebrash__usps.zpl": _SETS_ONLY,
}
