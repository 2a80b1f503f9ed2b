"""Pages of the console. A view reads what was asked, calls a verb or a read, and renders; rules live elsewhere."""
