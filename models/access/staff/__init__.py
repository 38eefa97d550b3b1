"""The accounts of the mairie's agents: invited, changed, blocked; the second step of their signing in."""
