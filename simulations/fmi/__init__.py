"""FMUs without Django: inspect one, check an experiment against it, run it in the cage.

The only package that imports FMPy; nothing of FMPy leaves it. Callers see frozen dataclasses and typed errors:

    inspection.py   what is inside an FMU, and the verdict whether it runs here
    experiment.py   one run: what is asked, what comes back
    limits.py       how much time, memory and output a run may take
    errors.py       everything that can go wrong, each with its code
    check.py        an experiment against an inspection: defaults filled in, every mistake named
    cage/           the door: intake(archive), run(fmu, experiments), around the untrusted code
"""
