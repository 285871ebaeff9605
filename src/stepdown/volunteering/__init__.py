"""Volunteers, what they hold, the needs they meet, and the main job between the two."""
