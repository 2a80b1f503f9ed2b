"""Printers that exist only in memory and speak like real ones: IPP, and raw TCP with PJL.

They count what they print, keep it where asked to, and can run out of paper, jam and be switched off.
"""

from platen.demo.printers.engine import Printed, PrintEngine
from platen.demo.printers.ipp import VirtualIppPrinter
from platen.demo.printers.raw import VirtualRawPrinter

__all__ = ["PrintEngine", "Printed", "VirtualIppPrinter", "VirtualRawPrinter"]
