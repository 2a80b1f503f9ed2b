"""What a printing machine says of itself: from the objects of SNMP and the attributes of IPP to one typed reading.

Pure: values in, values out. What to ask stands in `plan`, what the answers mean in the files named for their subject,
what makers keep in private objects in `makers/*.toml`, and what they get wrong in `corrections.toml`.
"""
