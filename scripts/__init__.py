"""How the project is set up, checked and tested: run by make, never by the hub."""
