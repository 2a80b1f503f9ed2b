"""The fleet: machines as collection knows them, their history, what is wrong with them, and who is told."""
