"""Strangers' native code at its worst. Every case also checks, in `contained`: the next run is healthy, no process is
left, and no canary (file, socket, environment, memory, other user's FMU) was touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from simulations.fmi.experiment import Column, Outcome
from simulations.fmi.limits import Limits
from simulations.tests.hostile.range import LIMITS, Range
from simulations.tests.hostile.workshop import Workshop

Contained = Callable[..., Outcome]
SHORT = replace(LIMITS, wall_seconds=0.6)


@dataclass(frozen=True, slots=True)
class Case:
    """An attack, the code that the API reports for it, and words of its message."""

    source: str
    attack: str
    code: str
    message: str
    phase: str = "step"
    limits: Limits = LIMITS

    def __str__(self) -> str:
        return self.attack if self.phase == "step" else f"{self.attack}-{self.phase}"


# Refused by mounts, namespaces, Landlock or a soft answer of the filter: the FMU goes on, with nothing in its hands.
EMPTY_HANDED = [
    ("files.c", name)
    for name in (
        "read_passwd", "read_canary", "read_through_parents", "read_processes", "read_environment", "read_other_fmu",
        "list_root", "read_devices", "read_the_site", "write_own_folder", "write_everywhere", "links_out",
        "change_owner", "load_written_library", "inode_flood", "many_large_files", "open_descriptors",
    )
] + [
    ("network.c", name)
    for name in (
        "tcp", "tcp6", "udp", "unix_path", "unix_abstract", "unix_pair", "netlink", "vsock", "raw", "crypto", "listens",
    )
] + [
    ("processes.c", name)
    for name in (
        "forks", "vforks", "fork_bomb", "clones", "clone3", "execs", "spawns", "shell", "daemonizes", "thread_bomb",
        "kills_the_warden", "kills_everybody", "stops_the_warden", "kills_the_server", "signals_by_queue", "outranks",
        "lifts_limits",
    )
] + [
    ("kernel.c", name)
    for name in (
        "memory_file", "secret_memory", "shares_memory", "queues_messages", "locks_memory", "changes_root",
        "changes_personality", "filters_itself", "unknown_call", "becomes_root", "undoes_its_seal",
    )
] + [
    ("memory.c", name) for name in ("asks_for_100_gb", "maps_everything")
] + [
    ("interpreter.c", name)
    for name in ("python_reads", "python_spawns", "python_connects", "python_finds_secrets")
] + [
    ("leftovers.c", name)
    for name in ("leaves_everything", "writes_shared_pages", "reaches_others_through_files", "fills_pipes")
]  # fmt: skip

FORBIDDEN = [
    Case(source, name, "forbidden_system_call", f"it made the system call {call}, which no model needs")
    for source, calls in {
        "kernel.c": {
            "mounts": "mount", "unmounts": "umount2", "pivots": "pivot_root", "moves_mount": "move_mount",
            "opens_tree": "open_tree", "opens_filesystem": "fsopen", "sets_mount_attributes": "mount_setattr",
            "unshares": "unshare", "enters_namespace": "setns", "io_uring": "io_uring_setup", "bpf": "bpf",
            "perf": "perf_event_open", "keys": "keyctl", "adds_key": "add_key", "faults": "userfaultfd",
            "loads_module": "init_module", "loads_kernel": "kexec_load", "reboots": "reboot",
            "opens_handle": "open_by_handle_at", "names_handle": "name_to_handle_at", "sets_clock": "clock_settime",
            "reads_kernel_log": "syslog", "sets_capabilities": "capset", "watches_files": "fanotify_init",
            "makes_landlock": "landlock_create_ruleset", "compares_processes": "kcmp", "swaps": "swapon",
            "opens_ports": "iopl", "changes_descriptors": "modify_ldt",
        },
        "processes.c": {
            "traces": "ptrace", "reads_memory": "process_vm_readv", "writes_memory": "process_vm_writev",
            "pidfd": "pidfd_open", "pidfd_of_warden": "pidfd_open",
        },
    }.items()
    for name, call in calls.items()
] + [
    Case("kernel.c", name, "forbidden_system_call", "a system call that no model needs") for name in ("x32", "int80")
]  # fmt: skip

CRASHES = [
    Case("crashes.c", name, "fmu_crashed", message)
    for name, message in {
        "segfaults": "segmentation fault",
        "jumps_nowhere": "segmentation fault",
        "overflows_the_stack": "segmentation fault",
        "aborts": "aborted",
        "divides_by_zero": "arithmetic error",
        "illegal_instruction": "illegal instruction",
        "exits_0": "ended its own process before the run was over (exit code 0)",
        "exits_7": "exit code 7",
        "exits_at_once": "exit code 0",
        "kills_itself": "killed by signal 9",
        "terminates_itself": "killed by signal 15",
    }.items()
] + [
    Case("crashes.c", "segfaults", "fmu_crashed", "segmentation fault", phase="load"),
    Case("crashes.c", "exits_7", "fmu_crashed", "exit code 7", phase="load"),
    Case("crashes.c", "segfaults", "fmu_crashed", "segmentation fault", phase="terminate"),
    Case("throws.cpp", "throws", "fmu_crashed", "aborted"),
    Case("crashes.c", "closes_all_files", "bad_result", "broke the channel"),
    Case("interpreter.c", "python_replaces_the_runner", "fmu_crashed", "ended its own process"),
]

ENDLESS = [
    Case("endless.c", name, "timeout", "longer than 0.6 s", phase=phase, limits=SHORT)
    for name, phase in (
        ("spin", "step"), ("spin", "load"), ("spin", "terminate"), ("spin_deaf", "step"), ("sleeps", "step"),
        ("sleeps", "load"), ("stops_itself", "step"), ("waits_for_nothing", "step"), ("sleeps_at_exit", "step"),
    )
] + [
    Case("endless.c", name, "cpu_limit", "of CPU time", limits=replace(LIMITS, cpu_seconds=0.4))
    for name in ("spin_deaf", "spin_on_threads")
]  # fmt: skip

GREEDY = [
    Case("memory.c", "touches_all", "memory_limit", "more than 256 MiB"),
    Case("memory.c", "maps_all", "memory_limit", "more than 256 MiB"),
    Case("throws.cpp", "runs_out_of_memory", "memory_limit", "more than 256 MiB"),
    Case("files.c", "huge_file", "output_limit", "file larger than the limit"),
    Case("files.c", "sparse_file", "output_limit", "file larger than the limit"),
    Case("results.c", "endless_rows", "output_limit", "larger than 100,000 values"),
    Case("results.c", "endless_print", "output_limit", "printed more than"),
]

FORGED = [
    Case("results.c", name, "bad_result", message)
    for name, message in {
        "garbage": "not a result",
        "claims_4_gb": "not a result",
        "unknown_frame": "not a result",
        "broken_json": "not readable",
        "deep_json": "not readable",
        "other_columns": "nobody asked for",
        "python_objects": "unknown type",
        "markup_in_a_name": "nobody asked for",
        "elements_of_a_scalar": "nobody asked for",
        "rows_first": "before it says what they mean",
        "time_is_not_a_number": "not a finite number",
        "time_goes_backwards": "goes backwards",
        "half_a_row": "middle of a row",
        "ends_without_a_result": "without a result",
        "wrong_shapes": "shape of a result",
        "goes_on_after_the_end": "not a result",
        "endless_progress": "progress",
        "progress_beyond_the_end": "between 0 and 1",
    }.items()
] + [Case("results.c", "blames_the_cage", "fmu_error", "pay me back")]


@pytest.mark.parametrize(("source", "attack"), EMPTY_HANDED, ids=lambda value: value.removesuffix(".c"))
def test_attack_comes_back_with_empty_hands(workshop: Workshop, contained: Contained, source: str, attack: str) -> None:
    outcome = contained(workshop.fmu(source, attack))
    assert outcome.error is None
    assert outcome.result is not None
    assert outcome.result.data["loot"][-1] == 0


@pytest.mark.parametrize("case", [*FORBIDDEN, *CRASHES, *ENDLESS, *GREEDY, *FORGED], ids=str)
def test_attack_ends_the_run_and_the_error_names_the_cause(
    workshop: Workshop, grounds: Range, contained: Contained, case: Case
) -> None:
    if case.code == "memory_limit" and not grounds.counts_memory():
        pytest.skip("Without a control group the FMU's malloc fails, and what it does then is its own affair.")
    outcome = contained(workshop.fmu(case.source, case.attack, phase=case.phase), limits=case.limits)
    assert outcome.error is not None
    assert outcome.error.code == case.code, outcome.error.message
    assert case.message in outcome.error.message


def test_the_next_run_finds_nothing_of_the_one_before(workshop: Workshop, contained: Contained, grounds: Range) -> None:
    """In the same zygote, without a recycling between them."""
    starts = grounds.cage.starts
    for attack in ("leaves_everything", "finds_leftovers"):
        outcome = contained(workshop.fmu("leftovers.c", attack))
        assert outcome.result is not None, outcome.error
        assert outcome.result.data["loot"][-1] == 0
    assert grounds.cage.starts == starts


def test_code_that_runs_at_unload_is_never_reached(workshop: Workshop, contained: Contained) -> None:
    outcome = contained(workshop.fmu("endless.c", "spin", phase="unload"), limits=SHORT)
    assert outcome.error is None


def test_printed_control_characters_arrive_as_text(workshop: Workshop, contained: Contained) -> None:
    outcome = contained(workshop.fmu("results.c", "prints_control_characters"))
    assert outcome.log == r"\x1b[2J\x00\xff\xfe\x7f\x9b<script>alert(1)</script>" + "\n"


def test_columns_mean_what_the_model_description_says(workshop: Workshop, contained: Contained) -> None:
    """What an inmate makes up would be kept with the run, as much as it likes, and a run that fails costs nothing."""
    outcome = contained(workshop.fmu("results.c", "describes_its_columns"))
    assert outcome.result is not None
    assert outcome.result.columns == (Column(name="loot"),)
