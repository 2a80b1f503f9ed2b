"""Ways home. Each takes an envelope as it is and says in a sentence why it could not go."""
