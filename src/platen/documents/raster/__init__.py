"""Raster that a client has rendered: PWG, Apple and CUPS."""
