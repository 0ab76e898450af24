"""What runs inside the cage, top to bottom. Nothing here trusts its own end of a pipe.

zygote.py       warm, single-threaded, forks one warden a job; never reads a stranger's byte
warden.py       pid 1 of the job: its mounts, its wall clock, the only honest report of how it ended
inmate.py       pid 2: gives everything up, then works on the stranger's files
mounts.py       what the job sees of the file system
privileges.py   rlimits, user namespace, capabilities, no_new_privs
landlock.py     which files, ports and processes, a second time
seccomp.py      which system calls (loading; the filter is compiled in ../syscalls.py)
unpack.py       the rules for an archive
screen.py       the rules for a modelDescription.xml before anybody parses it for real
probes.py       attacks of our own, for the self-test at start
"""
