"""Text messages (SMS): who carries them, each one of them and what became of it."""
