"""The conversation: pure, with no network, database, clock, environment or randomness."""
