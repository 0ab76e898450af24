"""What runs inside the cage, top to bottom. Nothing here trusts its own end of a pipe.

zygote.py       warm, single-threaded, forks one warden a job; never reads a stranger's byte
warmup.py       what it imports and runs before the first fork
immortal.py     what all jobs share stays shared
warden.py       pid 1 of the job: its mounts, its wall clock, the only honest report of how it ended
mounts.py       what the job sees of the file system
inmate.py       pid 2: gives everything up, then works on the stranger's files
privileges.py   rlimits, user namespace, capabilities, no_new_privs
landlock.py     which files, ports and processes, a second time
seccomp.py      loading the system call filters, hearing of forbidden calls
kernel.py       system calls that Python does not wrap
tasks.py        what an inmate is for: run, take in, compile, attack
reporting.py    progress and rows, while a run goes on
unpack.py       an archive, by the rules of archive_rules.py
screen.py       a modelDescription.xml before anybody parses it for real
probes.py       attacks of our own, for the self-test at start
"""
