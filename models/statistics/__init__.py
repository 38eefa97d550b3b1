"""What the mairie declares to those who pay a part: to the CAF hours of care, to the ASP meals at 1 €."""
