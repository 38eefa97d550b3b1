"""The roll call: what one says of a child, and which word counts."""
