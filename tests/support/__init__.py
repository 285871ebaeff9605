"""What the tests stand on: a database, a browser, and nothing of the hub itself."""
