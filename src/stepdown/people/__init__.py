"""One record per human being, with contacts, addresses and accounts."""
