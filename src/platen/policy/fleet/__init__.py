"""Pure rules of the fleet: which addresses, which device, what a meter's move means, when supplies run out."""
