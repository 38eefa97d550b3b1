"""What parents themselves do with their family's file: read, keep right, ask of the mairie."""
