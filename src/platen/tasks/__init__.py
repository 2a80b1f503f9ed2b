"""Tasks: what is done at a time or again and again, to which devices, and what came of each."""
