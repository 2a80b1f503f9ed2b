"""PostScript: its structuring comments, and what running it shows."""
