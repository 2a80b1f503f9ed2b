"""Simulated machines that answer SNMP: as many as wanted, on loopback addresses, each with a life of its own.

`tree` holds what an agent of one model answers from, `living` the values that are each machine's own, `machine` one
machine, `agent` makes answers of requests, `fleet` knows which machine has which address, `network` is the socket.
`blueprint`, `printer_mib` and `catalogue` make invented models; tests make others from recorded walks.
"""
