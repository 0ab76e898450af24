"""The cage around untrusted code. `Cage` in door.py is its only door; docs/cage.md tells the whole story.

Everything here is trusted, except what lies in inside/, which runs in the cage.

    door.py         start, intake, run, close
    cell.py         a warm zygote and its control groups; one request after the other
    request.py      what the door asks of a cell
    orders.py       a request as a job: paths as seen inside, bounds
    job.py          what a warden is told
    report.py       what a warden tells
    messages.py     the sentences about limits that both sides say
    payloads.py     what travels with a job
    plan.py         how walled in a zygote is, and with which folders
    setting.py      the same on the zygote's command line
    view.py         what can be seen inside
    places.py       where it lies there
    samples.py      our own FMUs, for the zygote to exercise
    bubblewrap.py   the command that builds the root
    launcher.py     as root: become somebody else first
    syscalls.py     which system calls are allowed, refused, forbidden
    cgroups.py      memory and tasks, counted by the kernel
    warm.py         a zygote from outside
    collect.py      reading the pipes of a job, with a clock
    decode.py       the frames of an inmate, each checked (frames.py writes them)
    soundness.py    an inspection, checked type by type
    text.py         texts, made fit for databases and terminals
    verdict.py      how a job ended, from what we saw ourselves
    answers.py      the same in the words of the contract
    landing.py      from what an intake unpacked into the store
    selftest.py     our own attacks, and the level that follows
    layers.py       each layer, for people
"""
