"""Why one agency may see another's record: agreements that are the access rule."""
