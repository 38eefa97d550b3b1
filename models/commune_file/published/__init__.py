"""What a commune file publishes: news, documents, the menus that a demonstration begins with."""
