"""Which engine this is."""

# Raise it when the same bytes may be unpacked, built or judged in another way than before: what an older engine left
# on the disks of workers is not used any more, and `manage.py recheck_fmus` renews what it said.
ENGINE = 1
