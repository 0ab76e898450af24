"""Stories across rows; the API and the pages call these and nothing below.

visitors        who asks, from a request
uploads         an archive into the storage, once for the same bytes
intake          the caged look inside, as a task
holdings        an FMU by what a request calls it: fmu_..., sample:..., sha256:...
submit          the one way into the queue: resolve, create, hold, enqueue
transition      the only way a simulation's status changes
execution       what a worker does with one simulation
finish          the end of a run: result stored, status final, credit captured or released
cancel          stop it
start           begin what was waiting for money
recovery        runs whose worker died; what was never paid
results         the stored result: read, thin out, export
waiting         until a row is final, for a request that waits
deletion, retention   forget
"""
