"""Which system calls a job may make, compiled by libseccomp on the trusted side (seccomp-bpf, Linux 3.5).

Allowed: what numerical code, its threads and its temporary files need.
Refused softly (EPERM, EACCES): what honest code tries and can live without, such as a licence daemon's socket.
Forbidden: what no model has a reason to try. The call blocks, the warden is told which one it was (a seccomp listener,
Linux 5.0), and ends the job with forbidden_system_call. Where a container's manager listens already, so that we cannot,
the kernel itself ends the job (KILL_PROCESS, Linux 4.14), as it does for every call of a foreign ABI (int 0x80, x32).
Everything else is ENOSYS, so that a call younger than this list makes the C library fall back to an older one.
"""

from __future__ import annotations

import errno
import tempfile
from functools import cache
from typing import Any

from simulations.fmi.cage.setting import OWN_PID, Filters


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALLOWED = _names(
    """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 open openat creat close
    close_range lseek fstat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat
    getcwd chdir fchdir getdents getdents64 dup dup2 dup3 ftruncate truncate fallocate fsync fdatasync
    mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 symlink symlinkat link linkat umask chmod
    fchmod fchmodat statfs fstatfs utime utimes utimensat futimesat sendfile copy_file_range pipe pipe2 poll
    ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd eventfd2
    timerfd_create timerfd_settime timerfd_gettime mmap munmap mremap mprotect madvise brk msync mincore
    pkey_alloc pkey_free pkey_mprotect futex futex_waitv set_robust_list get_robust_list rseq membarrier
    sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_getscheduler sched_get_priority_min
    sched_get_priority_max rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend
    rt_sigtimedwait sigaltstack restart_syscall nanosleep clock_nanosleep clock_gettime clock_getres
    gettimeofday time times getitimer setitimer alarm timer_create timer_settime timer_gettime timer_delete
    timer_getoverrun getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups
    getpgrp getpgid getsid getrusage getrlimit sysinfo uname getrandom getcpu arch_prctl set_tid_address
    exit exit_group pause
    """
)

_REFUSED = _names(
    """
    socketpair connect bind listen accept accept4 sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown
    getsockname getpeername setsockopt getsockopt fork vfork execve execveat wait4 waitid setsid setpgid
    setpriority getpriority sched_setscheduler sched_setparam sched_setattr sched_getattr ioprio_set
    ioprio_get mlock mlock2 mlockall munlock munlockall chown fchown lchown fchownat mknod mknodat setrlimit
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid memfd_create
    memfd_secret tkill shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
    mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr flock inotify_init inotify_init1
    inotify_add_watch setxattr getxattr listxattr lsetxattr lgetxattr fsetxattr fgetxattr personality capget
    chroot sync syncfs sethostname setdomainname rt_sigqueueinfo rt_tgsigqueueinfo seccomp readahead
    fadvise64 splice tee vmsplice sync_file_range mbind set_mempolicy get_mempolicy migrate_pages move_pages
    """
)

_FORBIDDEN = _names(
    """
    ptrace process_vm_readv process_vm_writev kcmp pidfd_open pidfd_getfd pidfd_send_signal process_madvise
    unshare setns mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key
    request_key init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct
    syslog quotactl iopl ioperm modify_ldt open_by_handle_at name_to_handle_at clock_settime settimeofday
    adjtimex clock_adjtime capset landlock_create_ruleset landlock_add_rule landlock_restrict_self
    fanotify_init fanotify_mark
    """
)

_CLONE_THREAD = 0x00010000
_CLONE_NEW_ANYTHING = 0x7E020080  # mount, cgroup, uts, ipc, user, pid, net, time
_PR_SET_NAME, _PR_GET_NAME, _PR_SET_NO_NEW_PRIVS, _PR_SET_VMA = 15, 16, 38, 0x53564D41
_TCGETS, _FIONREAD = 0x5401, 0x541B
# Duplicates, flags, locks, pipe sizes; but not who gets a signal (F_SETOWN, F_SETSIG), which reaches other processes.
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 9, 36, 37, 38, 1030, 1031, 1032)
_FCNTL_OWNER = (8, 10, 15)


# What a compiler's driver needs on top, to start the compiler, the assembler and the linker.
_STARTING = _names("fork vfork execve wait4 waitid setpgid fadvise64 readahead")


@cache
def compiled(*, may_start_programs: bool = False) -> Filters:
    """The filters as BPF for this machine. Raises RuntimeError or OSError where libseccomp is missing."""
    import pyseccomp as seccomp  # loads the C library

    return Filters(
        watch=_watch(seccomp),
        guard=_main(seccomp, seccomp.ALLOW, may_start_programs=may_start_programs),
        strict=_main(seccomp, seccomp.KILL_PROCESS, may_start_programs=may_start_programs),
    )


def name_of(number: int) -> str:
    """What a system call is called on this machine."""
    import pyseccomp as seccomp

    try:
        return _text(seccomp.resolve_syscall(seccomp.Arch.NATIVE, number))
    except ValueError:
        return f"number {number}"


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name


def _new(seccomp: Any, default: int) -> Any:
    rules = seccomp.SyscallFilter(default)
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    return rules


def _watch(seccomp: Any) -> bytes:
    """Only reports. A kernel that has two filters obeys the stricter, so the other one must let these calls pass."""
    rules = _new(seccomp, seccomp.ALLOW)
    for name in filter(_known, _FORBIDDEN):
        rules.add_rule(seccomp.NOTIFY, name)
    return _export(rules)


def _main(seccomp: Any, on_forbidden: int, *, may_start_programs: bool) -> bytes:
    rules = _new(seccomp, seccomp.ERRNO(errno.ENOSYS))
    starting = _STARTING if may_start_programs else frozenset[str]()
    answers = (
        (seccomp.ALLOW, _ALLOWED | starting),
        (seccomp.ERRNO(errno.EPERM), _REFUSED - starting),
        (on_forbidden, _FORBIDDEN),
    )
    for answer, names in answers:
        for name in filter(_known, names):
            rules.add_rule(answer, name)
    _add_conditional(rules, seccomp)
    _add_clone(rules, seccomp, only_threads=not may_start_programs)
    return _export(rules)


def summary() -> str:
    """What the filter does, for people."""
    allowed, refused, killed = (sum(map(_known, names)) for names in (_ALLOWED, _REFUSED, _FORBIDDEN))
    return f"{allowed} calls allowed, {refused} refused, {killed} end the job, all others do not exist"


def _add_conditional(rules: Any, seccomp: Any) -> None:
    """Calls that are harmless with some arguments only."""
    add, allow, argument = rules.add_rule, seccomp.ALLOW, seccomp.Arg
    equal, refuse = seccomp.EQ, seccomp.ERRNO(errno.EPERM)
    add(seccomp.ERRNO(errno.EACCES), "socket")
    for operation in (_PR_SET_NAME, _PR_GET_NAME, _PR_SET_NO_NEW_PRIVS, _PR_SET_VMA):
        add(allow, "prctl", argument(0, equal, operation))
    for request in (_TCGETS, _FIONREAD):
        add(allow, "ioctl", argument(1, equal, request))
    add(allow, "prlimit64", argument(2, equal, 0))  # asking, not setting
    for name in ("kill", "tgkill"):  # abort() and raise() signal the own process
        add(allow, name, argument(0, equal, OWN_PID))
    for command in _FCNTL:
        add(allow, "fcntl", argument(1, equal, command))
    for command in _FCNTL_OWNER:
        add(refuse, "fcntl", argument(1, equal, command))


def _add_clone(rules: Any, seccomp: Any, *, only_threads: bool) -> None:
    """Never with a namespace of its own. (clone3 hides its flags from the filter, so it does not exist: ENOSYS.)"""
    argument, masked = seccomp.Arg, seccomp.MASKED_EQ
    if not only_threads:
        rules.add_rule(seccomp.ALLOW, "clone", argument(0, masked, _CLONE_NEW_ANYTHING, 0))
        return
    threads = argument(0, masked, _CLONE_THREAD | _CLONE_NEW_ANYTHING, _CLONE_THREAD)
    rules.add_rule(seccomp.ALLOW, "clone", threads)
    rules.add_rule(seccomp.ERRNO(errno.EPERM), "clone", argument(0, masked, _CLONE_THREAD, 0))


def _known(name: str) -> bool:
    """Whether this machine has the call at all: aarch64 has no open(2), an old libseccomp no futex_waitv."""
    import pyseccomp as seccomp

    try:
        return bool(seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) >= 0)
    except (OSError, RuntimeError, ValueError):
        return False


def _export(rules: Any) -> bytes:
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
