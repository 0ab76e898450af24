"""Stories across rows; the API and the pages call these and nothing below. Where to look:

An FMU comes
    visitors        who asks, from a request
    uploads         an archive into the storage, once for the same bytes
    upload_quota    how many bytes one asker may bring a day
    files           into the storage, whole or not at all
    intake          the caged look inside, as a task
    inspections     what was found, read once a process
    recheck         another look, after the engine has changed
    samples         the FMUs that are everybody's
    holdings        an FMU by what a request calls it: fmu_..., sample:..., sha256:...

A run begins
    submit          the one way into the queue: resolve, create, hold, enqueue
    experiments     what is asked, as a row keeps it
    charging        whether it costs a credit; reserve it, take it, give it back
    asking          what to answer while nobody has paid
    entitlements    a guest's paid run that is good for another try
    start           begin what was waiting for money
    rerun           the same once more, for support
    idempotency     the same key again: the first answer again
    pressure        too many runs, or no room: said at once
    queue           which task, how urgent, after commit
    bell            wakes this machine's workers

A run goes and ends
    transition      the only way a simulation's status changes
    execution       what a worker does with one simulation
    leases, watch   whose it is, and what is looked after while it goes
    engine          the worker's one warm cage
    local_store     unpacked FMUs on the worker's disk
    workers         who is alive, and how well they isolate
    finish          the end: result stored, status final, credit captured or released
    cancel          stop it
    waiting, news   for a request that waits until a row is final
    pipes           how news and the bell travel on one machine
    recovery        runs whose worker died; what was never paid

What came of it
    result_files    the array in the storage
    results         some columns of it, thinned out
    exports         all of it as CSV, JSON, npz
    spark           a curve the size of a word
    costs           what runs cost, for lists
    sharing         the secret link

And goes
    deletion        on request
    retention       by itself, after its days
    stored_files    what lies in the storage
    orphans         files there that no row knows
    scratch         files that killed processes left
    disk            how much room is left
"""
