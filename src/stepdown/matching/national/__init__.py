"""The engine for a whole country: the same definition, the same proof, from columns."""
