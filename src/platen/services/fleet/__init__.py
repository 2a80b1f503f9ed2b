"""The node's loops for the fleet: reading machines, searching for them, telling people."""
