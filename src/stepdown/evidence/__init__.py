"""Honest evidence: what changed, compared with what, and how sure one may be. Pure."""
