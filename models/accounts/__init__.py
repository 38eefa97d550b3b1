"""The accounts of parents as the mairie sees them: who has one, letters and invitations, an access that it closes."""
