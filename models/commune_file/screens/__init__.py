"""What the mairie's screens set of what a commune file says, and how an installation begins without one."""
