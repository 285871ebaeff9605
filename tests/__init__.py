"""Unit tests and properties need no database; integration runs on both; journeys in a browser."""
