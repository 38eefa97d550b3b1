"""What families and the mairie write to each other."""
