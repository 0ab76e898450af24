"""Filters of money for templates."""
