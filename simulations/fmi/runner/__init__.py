"""The part that touches an FMU: runs inside the cage only.

    intake          what is inside an unpacked FMU, and whether it runs here
    xml             its model description and companions as trees, which these read:
                    attributes, definitions, variables, interfaces, structure
    validation      faults of it against the standard
    findings        faults as they are gathered, each said once
    binaries        its binaries: for which platforms, and which serves an interface here
    elf, elf_image  what a binary says about itself
    libraries       what it needs: here, lent by us, or missing
    candidates      how each interface would run
    verdict         whether it runs, on which rung; if not, exactly why
    advice          what its author does next
    sources, build  compiles an FMU that brings sources and no binary

    execute         one experiment on one FMU: the plain way, then the repairs
    attempts        which of the ways are worth it after which failure
    run             one of the ways, as both interfaces see it
    cosimulation    the FMU brings its solver; its steps: stepping
    modelexchange   we bring one: solvers; what it asks of the FMU: continuous
    instance        one living FMU; calls that bear what FMUs do: binding, access
    grid, signals   the times of a run, and its inputs over them
    recorder        the rows of its result; text outputs: texts
    log, hints      what the FMU says, and what to do about it
    remarks         what we say in the notes of the run

    warm            imports and exercises all of it, so that nothing is loaded later

Writes nowhere but into its scratch folder, starts no process (but for `build`).
"""
