"""What the portal knows of people: what leaves with « Télécharger mes données », what an erasure empties."""
