"""What every wing stands on: ids, clock, errors, states, dated rules. Standard library only."""
