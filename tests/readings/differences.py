"""Where readings of the recorded answers differ from what others say, and why ours are right, or what is missing."""

from __future__ import annotations

_STALE = "printer-alert is a history here: printer-state is idle and printer-state-reasons is none, so it is over"
_VERSION_OF_IPP = "printer-firmware-name says that 2.0 is the version of IPP; the firmware's is VER of the device id"

DIFFERENCES: dict[tuple[str, str], str] = {
    ("snmp/brother/hl-l2340dw.json", "total"): (
        "the recording contradicts itself: prtMarkerLifeCount is 1279, Brother's own counter 986; the standard object "
        "is the one that counts"
    ),
    ("snmp/librenms/samsungprinter_m4080fx.snmprec", "model"): (
        "hrDeviceDescr names the series, M408x; sysDescr the model, M4080FX, which is taken"
    ),
    ("snmp/librenms/xerox_docuprint.snmprec", "maker"): (
        "LibreNMS counts Fuji Xerox among Xerox; the machine calls itself Fuji Xerox, and so do we"
    ),
    ("snmp/printmaster/epson_cw_snmp.json", "words"): (
        "a row “Idle” of severity other, which asks nobody for anything, is left out by a correction"
    ),
    ("ipp/document-format-supported/Canon_MX490_series.res", "firmware"): _VERSION_OF_IPP,
    ("ipp/sharpippnext/GetPrinterAttributes_Canon_MX490_series_low_supply.bin", "firmware"): _VERSION_OF_IPP,
    (
        "ipp/jipp/HP_ENVY_7640/HP_ENVY_7640.Get-Printer-Attributes.b6d6879c7fdd7485bcd81b5cad3b910f.rsp.bin",
        "severities",
    ): _STALE,
    (
        "ipp/jipp/HP_OfficeJet_4650/HP_OfficeJet_4650.Get-Printer-Attributes.a8472f492ef364d2b05a608447d0dfdf.rsp.bin",
        "severities",
    ): _STALE,
}
"""By the answer and what of it was compared."""
