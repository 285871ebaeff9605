"""The kernel: ids, enums, errors, clock, money and dated rules. Standard library only."""
