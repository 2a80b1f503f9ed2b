"""Delivery of documents to devices: one line a device, over IPP, raw TCP or LPD, followed to the end."""
