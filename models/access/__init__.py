"""Who may come in: accounts, sessions, passwords, and how often they may be wrong."""
