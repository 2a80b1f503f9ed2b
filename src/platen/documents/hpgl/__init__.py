"""HP-GL and HP-GL/2: plots, alone or inside another language."""
