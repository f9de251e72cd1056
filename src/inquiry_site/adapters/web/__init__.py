"""Everything that asks the network."""
