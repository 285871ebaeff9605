"""The `stepdown` command."""
