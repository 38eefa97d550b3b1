"""What may be told by which channel, and when a telephone may ring."""
