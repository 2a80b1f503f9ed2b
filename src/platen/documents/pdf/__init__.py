"""PDF (ISO 32000): its structure, and what its pages mark."""
