"""The database: connection, schema, constraints, copies, and what proves its contents."""
