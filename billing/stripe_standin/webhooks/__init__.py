"""Signed events on their way to the site: at least once, in any order, several at a time."""
