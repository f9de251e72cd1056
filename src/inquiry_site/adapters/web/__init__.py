"""Access the network. No other package does this."""
