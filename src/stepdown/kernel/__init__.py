"""What every wing stands on: ids, clock, errors, state tables, dated rules. Standard library only."""
