"""The part that touches an FMU: runs inside the cage only.

    intake      what is inside an unpacked FMU, and whether it runs here
    execute     one experiment on one FMU
    build       compiles an FMU that brings sources and no binary
    warm        imports and exercises all of it, so that nothing is loaded later

Writes nowhere but into its scratch folder, starts no process (but for `build`).
"""
