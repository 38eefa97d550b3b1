"""Tax certificates: what families really paid for care in a civil year, prepared, read, and issued once."""
