"""What all wings stand on: accounts, agencies, places, ledger, disclosure, outbox, links."""
