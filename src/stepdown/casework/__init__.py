"""Referrals now; pathways, panels and measures as they come."""
