"""Who may do what to which record. Pure: facts in, decisions and neutral predicates out."""
