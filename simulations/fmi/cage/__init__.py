"""The cage around untrusted code. `Cage` is its only door; see door.py."""
