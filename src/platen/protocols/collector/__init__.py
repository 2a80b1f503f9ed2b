"""What a collector at a customer's site and its home say to each other: envelopes of rows, signed requests."""
