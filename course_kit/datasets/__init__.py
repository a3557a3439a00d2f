"""Data for the course: small files that the kit made itself, each loaded by a function that checks its SHA-256."""
