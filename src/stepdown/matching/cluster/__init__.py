"""Planning on more than one machine: parts of the country solved apart, and joined exactly."""
