"""Reading the fleet: clients for the devices' management protocols, without a framework."""
