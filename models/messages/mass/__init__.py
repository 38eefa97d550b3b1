"""The same words to many families: whom they reach, each family's own conversation, how far it has come."""
