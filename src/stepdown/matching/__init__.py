"""The matching engine: people and needs in, a proven plan with reasons out.

Pure: numbers and plain records in, numbers and plain records out. It knows no database and no web.
"""
