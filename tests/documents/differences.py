"""Files of the corpus whose facts differ from what other programs say, and why ours are right, or what is missing."""

from __future__ import annotations

_USER_UNIT = "the page has a UserUnit (ISO 32000-1 section 14.11.2), which the other reader leaves out of the size"
_SETS_ONLY = "a format without a field sets the printer up, or is stored; no label comes out of it (^FD, ^DF)"

DIFFERENCES: dict[str, str] = {
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
