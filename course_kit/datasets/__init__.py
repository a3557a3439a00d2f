"""Data for the course: small files that the kit made itself, each loaded by a function that checks its SHA-256.

And series and tasks made by a rule and a seed: `dynamics`, `long_lags`, `grammar`, `copying`.
"""
