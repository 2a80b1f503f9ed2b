"""Packages made in code."""

from __future__ import annotations

import io
import zipfile

NS = "http://schemas.microsoft.com/xps/2005/06"
KIND = f"{NS}/fixedrepresentation"
TICKET = f"{NS}/printticket"
PATH = '<Path Data="M 0,0 L 9,9" Fill="{}"/>'


def relationships(*pairs: tuple[str, str]) -> str:
    rows = "".join(f'<Relationship Id="r{n}" Type="{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(pairs))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def page(content: str = "", width: float = 793.7, height: float = 1122.5) -> str:
    return f'<FixedPage xmlns="{NS}" Width="{width}" Height="{height}">{content}</FixedPage>'


def parts_of(*pages: str) -> dict[str, str | bytes]:
    contents = "".join(f'<PageContent Source="Pages/{n}.fpage"/>' for n in range(len(pages)))
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships((KIND, "/FixedDocSeq.fdseq")),
        "FixedDocSeq.fdseq": f'<FixedDocumentSequence xmlns="{NS}"><DocumentReference Source="Documents/1/D.fdoc"/>'
        "</FixedDocumentSequence>",
        "Documents/1/D.fdoc": f'<FixedDocument xmlns="{NS}">{contents}</FixedDocument>',
        **{f"Documents/1/Pages/{n}.fpage": content for n, content in enumerate(pages)},
    }


def package(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def ticket(*features: str) -> str:
    schema = "http://schemas.microsoft.com/windows/2003/08/printing/printschemaframework"
    return f'<psf:PrintTicket xmlns:psf="{schema}" xmlns:psk="urn:psk">{"".join(features)}</psf:PrintTicket>'


def feature(name: str, option: str, inner: str = "") -> str:
    return f'<psf:Feature name="psk:{name}"><psf:Option name="psk:{option}">{inner}</psf:Option></psf:Feature>'


def number(element: str, name: str, value: int) -> str:
    return f'<psf:{element} name="psk:{name}"><psf:Value>{value}</psf:Value></psf:{element}>'
