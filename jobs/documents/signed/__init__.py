"""Papers that somebody signs."""
