"""The languages of label printers: ZPL II, EPL2, TSPL, CPCL. A label is a page."""
