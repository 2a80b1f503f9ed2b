"""How machines make themselves known on a network: WS-Discovery messages and ICMP echo. Octets in, values out."""
