"""Django's PostgreSQL, told for whom it is read: the connection's side of row-level security."""
