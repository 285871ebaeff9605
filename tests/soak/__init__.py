"""Long campaigns against the national engine, run by `make soak` and left out of the suite."""
