"""Every `code` a problem or a failed run may carry: what it means and what to do. The docs and /problems/ read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One code. `status` is the HTTP status, or None for the `error.code` of a run, which is answered with 200."""

    code: str
    status: int | None
    meaning: str
    what_to_do: str

    @property
    def slug(self) -> str:
        return self.code.replace("_", "-")

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


_REQUESTS = (
    Problem(
        "invalid_request",
        400,
        "A field is missing, misspelt or of the wrong type. Nothing ran and nothing was charged.",
        "Read `errors`: it names every field at fault and what it wants. Fix them all and send the request again.",
    ),
    Problem(
        "parse_error",
        400,
        "The body is not the JSON or the multipart form that its Content-Type announces.",
        "Check the quotes and the Content-Type header. With files, put the JSON into the part named `request`.",
    ),
    Problem(
        "not_authenticated",
        401,
        "This address needs an account and the request named none.",
        "Send `Authorization: Bearer fmu_...` with an API token from your dashboard.",
    ),
    Problem(
        "authentication_failed",
        401,
        "The token is unknown, revoked or expired, or it was sent without `Bearer` before it.",
        "Make a new API token in the dashboard. For a paid run, ask the payment's `status_url` for a fresh token.",
    ),
    Problem(
        "run_token_expired",
        401,
        "The run token is older than 15 minutes.",
        "Ask the payment's `status_url` with its `claim_secret` for a fresh one. The paid run is still there.",
    ),
    Problem(
        "run_token_invalid",
        401,
        "The bearer is neither an API token of this site nor one of its run tokens.",
        "Send the `token` of the payment's poll as it is, or an API token that begins with `fmu_`.",
    ),
    Problem(
        "payment_required",
        402,
        "One run costs a credit, and this request brought neither a credit nor a paid token. "
        "Your run is kept and starts by itself when somebody pays.",
        "Open `checkout_url`, or hand it to a person. Then poll `payment.status_url` with the `claim_secret`.",
    ),
    Problem(
        "permission_denied",
        403,
        "The account is known but may not do this.",
        "Use the account that owns the object, or write to support if you think you should be allowed.",
    ),
    Problem(
        "account_blocked",
        403,
        "The account owes runs after a refund, or its runs are frozen while a bank decides a dispute.",
        "`detail` says which. Buy credits to settle a debt, or write to support about a dispute.",
    ),
    Problem(
        "not_found",
        404,
        "There is nothing at this address, or it belongs to somebody else. We do not say which.",
        "Check the id and the token. Guests' uploads go 7 days after their last use, their results after 30.",
    ),
    Problem(
        "unknown_fmu",
        404,
        "No FMU of yours and no sample has this id or hash.",
        "Upload the file first, or list yours with `GET /api/v1/fmus` and the samples with `?owner=samples`.",
    ),
    Problem(
        "method_not_allowed",
        405,
        "The address exists but does not answer to this HTTP method.",
        "See the API reference for the methods of the address.",
    ),
    Problem(
        "not_acceptable",
        406,
        "The Accept header asks for a format that this address does not have.",
        "Ask for `application/json`, or leave the header out.",
    ),
    Problem(
        "already_finished",
        409,
        "The simulation cannot be canceled: it has finished.",
        "Ask for it: `status` says how it ended, `billing.charged` what it cost.",
    ),
    Problem(
        "already_subscribed",
        409,
        "The account has the pilot already.",
        "Change or cancel it in the billing portal, under Credits.",
    ),
    Problem(
        "fmu_in_use",
        409,
        "The FMU cannot be deleted while a simulation of it is going.",
        "Cancel the simulation or wait for it, then delete the FMU.",
    ),
    Problem(
        "idempotency_key_in_flight",
        409,
        "The first request with this Idempotency-Key is still being answered.",
        "Wait a moment and send the same request again: you get the first answer.",
    ),
    Problem(
        "no_result",
        409,
        "There is no whole result to download: not yet, or because the run failed.",
        "Look at `status`. A run that is going has a result soon; a failed one has a partial curve at most.",
    ),
    Problem(
        "nothing_to_pay",
        409,
        "Every run is free on this site, or the simulation that was named does not wait for payment.",
        "Send your simulation without paying, or read the one that is there.",
    ),
    Problem(
        "simulation_going",
        409,
        "The simulation cannot be deleted or paid again while it is going.",
        "Wait for it, or cancel it first.",
    ),
    Problem(
        "token_spent",
        409,
        "This run token has paid for a run already; a token pays for one run, once.",
        "Send no body to read that run, or pay again for another one.",
    ),
    Problem(
        "result_trimmed",
        410,
        "The result has been deleted, as the retention rules say.",
        "Run the simulation again: its request is still there.",
    ),
    Problem(
        "length_required",
        411,
        "The request has a body and no Content-Length header.",
        "Let your client send the length. Most do unless they stream from a generator.",
    ),
    Problem(
        "too_large",
        413,
        "The upload, the inputs or the request is larger than allowed.",
        "`detail` names the part and its limit. Leave documentation and resources that the model does not read "
        "out of the FMU.",
    ),
    Problem(
        "unsupported_media_type",
        415,
        "The Content-Type is neither JSON nor a multipart form.",
        "Send `application/json`, or `multipart/form-data` with the parts `fmu` and `request`.",
    ),
    Problem(
        "invalid_experiment",
        422,
        "The request does not fit the model: an unknown variable, a value of the wrong type, times in the wrong order.",
        "Read `errors`: it names every field at fault, with the nearest name where one is misspelt.",
    ),
    Problem(
        "idempotency_key_reused",
        422,
        "This Idempotency-Key was used with another request.",
        "Use a new key for a new request, and the same key only to repeat the same one.",
    ),
    Problem(
        "invite_refused",
        422,
        "The invite code is unknown, over, used up, or used by this account already.",
        "Check the spelling, or ask whoever gave it to you.",
    ),
    Problem(
        "throttled",
        429,
        "Too many requests in the last minute.",
        "Wait for as many seconds as `Retry-After` says. The `RateLimit` headers show what is left.",
    ),
    Problem(
        "upload_quota_used",
        429,
        "Too many bytes were uploaded today.",
        "An FMU that is here already needs no upload: run it by its `fmu_id`. New ones wait as many seconds as "
        "`Retry-After` says; with an account there is more room.",
    ),
    Problem(
        "error",
        500,
        "Something broke on our side. A run that was under way is not charged.",
        "Try again. If it stays, write to support with the `request_id`.",
    ),
    Problem(
        "busy",
        503,
        "More runs are waiting than we accept, or a part of the site is catching its breath.",
        "Wait for as many seconds as `Retry-After` says and send the same request again.",
    ),
    Problem(
        "intake_pending",
        503,
        "The FMU is stored and still being looked into.",
        "Run it by the id in `fmu` after `Retry-After` seconds. No need to upload it again.",
    ),
    Problem(
        "isolation_unavailable",
        503,
        "No worker can isolate a run at the moment, and without the cage nothing runs.",
        "Try again in a few minutes, and see the status page.",
    ),
    Problem(
        "payments_not_configured",
        503,
        "This site cannot take payments yet.",
        "Its operator has to connect Stripe first. Samples run without paying.",
    ),
    Problem(
        "storage_full",
        503,
        "There is no room for new files or results at the moment. Nothing was started or charged.",
        "Wait for as many seconds as `Retry-After` says and send the same request again. We hear of it by ourselves.",
    ),
    Problem(
        "stripe_unavailable",
        503,
        "Stripe does not answer. Nothing was charged and nothing was kept.",
        "Try again in a minute.",
    ),
)

_FILES = tuple(
    Problem(code, 422, meaning, what_to_do)
    for code, meaning, what_to_do in (
        ("fmu_refused", "The file is not an FMU that we accept.", "`detail` says why. Export it again."),
        ("empty_file", "The upload has no bytes.", "Check the path: with curl it is `-F fmu=@Model.fmu`."),
        ("not_a_zip", "The file is not a zip archive, or a damaged one.", "Upload the `.fmu` as your tool wrote it."),
        ("corrupt_entry", "A file in the archive does not match its checksum.", "Export or upload the FMU again."),
        ("encrypted_archive", "The archive is encrypted.", "Export the FMU without a password."),
        ("unsupported_compression", "The archive is packed in a way few can read.", "Pack it with deflate or store."),
        ("archive_too_large", "The archive holds more than we unpack.", "Leave out what the model does not read."),
        ("zip_bomb", "The archive unpacks to more than we accept.", "Leave out what the model does not read."),
        ("too_many_files", "The archive holds too many files.", "Leave documentation and unused resources out."),
        ("absolute_path", "A name in the archive is an absolute path.", "Export again; an FMU has relative paths."),
        ("zip_slip", "A name in the archive leads out of its folder.", "Export again; an FMU has no `..` in paths."),
        (
            "illegal_path",
            "A name in the archive has characters no file may have.",
            "Rename that file and export again.",
        ),
        ("path_too_long", "A path in the archive is too long or too deep.", "Shorten that path and export again."),
        ("duplicate_path", "The same file is in the archive twice.", "Export again."),
        ("case_duplicate", "Two names differ in upper and lower case only.", "Rename one of them and export again."),
        ("conflicting_paths", "A file of the archive lies below another file.", "Export again."),
        ("overlapping_entries", "Two files of the archive share bytes.", "Export again; no tool writes such a file."),
        ("link_in_archive", "The archive holds a link.", "Put the file itself into the archive."),
        ("special_file", "The archive holds a device, a pipe or a socket.", "Export again."),
        ("no_model_description", "There is no modelDescription.xml at the top.", "Zip the content, not its folder."),
        ("model_description_too_large", "The modelDescription.xml is too large.", "Export fewer protected variables."),
        ("bad_model_description", "The modelDescription.xml is no description of an FMU.", "Export it again."),
        ("bad_model_identifier", "The modelIdentifier is not a bare name.", "Export with a plain model name."),
        ("doctype", "The modelDescription.xml has a DOCTYPE, which we do not read.", "Remove it."),
        ("xinclude", "The modelDescription.xml includes other files.", "Write everything into one file."),
        ("xml_too_deep", "The modelDescription.xml is nested too deeply.", "Export it again."),
        ("too_many_variables", "The model has more variables than we list.", "Export fewer protected variables."),
        ("too_slow_to_read", "Reading the FMU took too long.", "Export fewer variables, or write to support."),
        ("too_much_memory", "Reading the FMU took too much memory.", "Export fewer variables, or write to support."),
        ("unreadable", "The FMU could not be read.", "Export it again, and write to support if that does not help."),
    )
)

_MODELS = tuple(
    Problem(code, 422, meaning, what_to_do)
    for code, meaning, what_to_do in (
        ("cannot_run_here", "The FMU is fine and cannot run here.", "`detail` says why and what to do."),
        ("windows_only", "Only Windows binaries are inside.", "Export with Linux 64-bit, or include the C sources."),
        ("macos_only", "Only macOS binaries are inside.", "Export with Linux 64-bit, or include the C sources."),
        ("no_linux_binary", "No binary for Linux x86-64 is inside.", "Export with Linux 64-bit enabled."),
        ("no_binary", "There is neither a binary nor sources.", "Export with Linux 64-bit, or include the C sources."),
        ("wrong_architecture", "The binary is not for x86-64.", "Export the 64-bit binary for Intel and AMD."),
        ("not_a_shared_library", "What should be the binary is no shared library.", "Export it again."),
        ("no_fmi_functions", "The binary does not have the functions of FMI.", "Export it again."),
        ("several_binaries", "Several binaries are inside and none has the model's name.", "Export one at a time."),
        ("missing_library", "The binary needs a library that is not here.", "Put it beside the binary, or link it in."),
        (
            "newer_library",
            "The binary wants a newer system library than ours.",
            "Build on an older Linux.",
        ),
        ("build_failed", "The sources do not compile here.", "The inspection has the compiler's words."),
        ("no_interface", "It offers neither Co-Simulation nor Model Exchange.", "Export it for one of the two."),
        ("needs_execution_tool", "It needs the tool that wrote it, running.", "Export a stand-alone FMU."),
        ("encrypted", "Its contents are encrypted.", "Export it without encryption or licence protection."),
        ("fmi_beta", "It is written for a draft of FMI 3.0.", "Export with a tool that writes the final FMI 3.0."),
        ("unsupported_fmi_version", "Its FMI version is not known here.", "Export it as FMI 1.0, 2.0 or 3.0."),
    )
)

_RUNS = (
    Problem(
        "fmu_error",
        None,
        "The FMU or the solver said no: initialisation failed, a step was refused, a value left its bounds.",
        "Read what the model said (`error.log` in the API's answer). Start values and step size are the usual causes.",
    ),
    Problem(
        "fmu_crashed",
        None,
        "The compiled code of the FMU died: a segmentation fault, an abort, an illegal instruction.",
        "Try the FMU in the tool that exported it. Missing start values and array bounds are common causes.",
    ),
    Problem(
        "forbidden_system_call",
        None,
        "The FMU tried something that the cage does not allow, such as opening a socket or starting a program.",
        "Export the model without licence check, remote solver or file access.",
    ),
    Problem(
        "timeout",
        None,
        "The run took longer than its wall-clock limit.",
        "Simulate a shorter time, use larger steps or fewer outputs. The pilot plan has a longer limit.",
    ),
    Problem(
        "cpu_limit",
        None,
        "The run used more processor time than its limit.",
        "Simulate a shorter time or use larger steps. The pilot plan has a longer limit.",
    ),
    Problem(
        "memory_limit",
        None,
        "The model asked for more memory than its limit.",
        "Ask for fewer outputs or a larger output interval. The pilot plan has more memory.",
    ),
    Problem(
        "output_limit",
        None,
        "The result has more values than a run may have.",
        "Choose fewer `outputs` or a larger `output_interval`: values are rows times columns.",
    ),
    Problem(
        "bad_result",
        None,
        "What the FMU returned is not a result: a NaN, an infinity, a time that runs backwards, or an end too early.",
        "Look at the partial curve for the moment it went wrong; a smaller step often helps.",
    ),
    Problem(
        "sandbox_error",
        None,
        "The cage could not be set up. This is our fault, not the model's.",
        "Run it again; it cost nothing. If it stays, write to support.",
    ),
    Problem(
        "result_not_stored",
        None,
        "The run ended and its result could not be stored. This is our fault, not the model's.",
        "Run it again in a few minutes; it cost nothing.",
    ),
    Problem(
        "worker_lost",
        None,
        "The machine that ran your simulation went away twice. This is our fault, not the model's.",
        "Run it again; it cost nothing.",
    ),
    Problem(
        "canceled",
        None,
        "The run was stopped on request.",
        "Nothing to do. A run canceled after it has started is charged, one still in the queue is not.",
    ),
)

REQUEST_PROBLEMS = {problem.code: problem for problem in _REQUESTS}
RUN_PROBLEMS = {problem.code: problem for problem in _RUNS}
FILE_PROBLEMS = {problem.code: problem for problem in _FILES}
MODEL_PROBLEMS = {problem.code: problem for problem in _MODELS}
PROBLEMS = REQUEST_PROBLEMS | FILE_PROBLEMS | MODEL_PROBLEMS | RUN_PROBLEMS
