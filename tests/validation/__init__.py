"""Packs of rules whose outcome is known: official lists of four school systems, a suite of three-valued logic."""
