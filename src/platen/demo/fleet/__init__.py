"""Simulated machines that answer SNMP: as many as wanted, on loopback addresses, each with a life of its own.

`tree` holds what an agent of one model answers from, `living` the values that are each machine's own, `machine` one
machine, `trouble` what befalls it. `agent` and `agent_v3` make answers of messages, `respond`, `lookup` and `writing`
the PDUs in them. `fleet` knows which machine has which address, `network` is the socket. `blueprint`, `printer_mib` and
`catalogue` make invented models, `campus` and `population` machines of them; tests make models from recorded walks.
"""
