"""Pages as pixels: how much ink they take, what the first one looks like."""
