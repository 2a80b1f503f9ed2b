"""ESC/P, ESC/P2 and ESC/P-R: what Epson's printers and those that follow them are sent."""
