"""Trains the name and place recogniser that ships in `compliance/redaction/model`."""
