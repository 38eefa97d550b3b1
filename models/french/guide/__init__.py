"""« Guide d’utilisation »: its chapters in words."""
