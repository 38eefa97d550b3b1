"""Tables that another program made: read whole, and refused by line and reason."""
