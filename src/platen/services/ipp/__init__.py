"""The IPP service: print clients' requests over HTTP, from the first octet to the answer."""
