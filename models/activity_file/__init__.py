"""The activities as the mairie sees and changes them: list, definition, what a change would break, drafts."""
