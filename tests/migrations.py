"""Where `tortoise makemigrations` looks for the nouns."""

from models.storage.database import config

TORTOISE_ORM = config("sqlite://:memory:")
