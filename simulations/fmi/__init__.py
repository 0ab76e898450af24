"""FMUs without Django: inspect one, check an experiment against it, run it in the cage.

The only package that imports FMPy; nothing of FMPy leaves it. Callers see frozen dataclasses and typed errors:

    inspection.py   what is inside an FMU, and the verdict whether it runs here
    experiment.py   one run: what is asked, what comes back
    limits.py       how much time, memory and output a run may take
    errors.py       everything that can go wrong, each with its code
    check.py        an experiment against an inspection: defaults filled in, every mistake named
    checks/         the parts of that, one file for each part of a request
    defaults.py     what a run does where its request is silent
    attempts.py     the ways that a run may be tried, without what was named being replaced
    values.py       values of a request in a variable's own type
    shown.py        a value of a request as messages quote it
    nearest.py      the name that was probably meant, within a bound
    csv_inputs.py   input signals from a CSV text
    downsample.py   fewer rows of a result that look the same on a plot
    version.py      which engine this is, for what an older one found
    report.py       an inspection and an outcome as lines for a terminal
    cage/           the door: intake(archive), run(fmu, experiments), around the untrusted code
    runner/         what touches an FMU, inside the cage only; the one place that loads FMPy
    libraries/      shared libraries of older compilers, lent to FMUs that need them
"""
