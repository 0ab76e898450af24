/* System calls that no model has a reason to make. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS(name, ...) \
    int name(void) { return syscall(__VA_ARGS__) >= 0; }

CALLS(mounts, SYS_mount, "none", "/tmp", "tmpfs", 0, 0)
CALLS(unmounts, SYS_umount2, "/fmu", 2)
CALLS(pivots, SYS_pivot_root, "/", "/tmp")
CALLS(moves_mount, SYS_move_mount, -1, "/fmu", -1, "/tmp", 0)
CALLS(opens_tree, SYS_open_tree, AT_FDCWD, "/", 1)
CALLS(opens_filesystem, SYS_fsopen, "proc", 0)
CALLS(sets_mount_attributes, SYS_mount_setattr, -1, "/fmu", 0, 0, 0)
CALLS(unshares, SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS)
CALLS(enters_namespace, SYS_setns, 0, 0)
CALLS(io_uring, SYS_io_uring_setup, 8, calloc(1, 256))
CALLS(bpf, SYS_bpf, 0, calloc(1, 256), 128)
CALLS(perf, SYS_perf_event_open, calloc(1, 256), 0, -1, -1, 0)
CALLS(keys, SYS_keyctl, 0, -3, 1)
CALLS(adds_key, SYS_add_key, "user", "name", "secret", 6, -3)
CALLS(faults, SYS_userfaultfd, 0)
CALLS(loads_module, SYS_init_module, "", 0, "")
CALLS(loads_kernel, SYS_kexec_load, 0, 0, 0, 0)
CALLS(reboots, SYS_reboot, 0xfee1dead, 672274793, 0, 0)
CALLS(opens_handle, SYS_open_by_handle_at, -1, 0, 0)
CALLS(names_handle, SYS_name_to_handle_at, AT_FDCWD, "/", 0, 0, 0)
CALLS(sets_clock, SYS_clock_settime, 0, calloc(1, 16))
CALLS(reads_kernel_log, SYS_syslog, 3, malloc(64), 64)
CALLS(sets_capabilities, SYS_capset, 0, 0)
CALLS(watches_files, SYS_fanotify_init, 0, 0)
CALLS(makes_landlock, SYS_landlock_create_ruleset, 0, 0, 1)
CALLS(compares_processes, SYS_kcmp, 1, 2, 0, 0, 0)
CALLS(swaps, SYS_swapon, "/tmp/x", 0)
#ifdef __x86_64__
CALLS(opens_ports, SYS_iopl, 3)
CALLS(changes_descriptors, SYS_modify_ldt, 0, malloc(64), 64)
CALLS(x32, 0x40000000 | 39)

int int80(void) {
    int answer;
    __asm__ volatile("int $0x80" : "=a"(answer) : "a"(20) : "memory"); /* getpid of i386 */
    return answer > 0;
}
#endif

/* Refused, but the FMU lives on: honest code tries these as well. */
CALLS(memory_file, SYS_memfd_create, "x", 0)
CALLS(secret_memory, SYS_memfd_secret, 0)
CALLS(shares_memory, SYS_shmget, 42, 4096, 0666 | 01000)
CALLS(queues_messages, SYS_msgget, 42, 0666 | 01000)
CALLS(locks_memory, SYS_mlockall, 3)
CALLS(changes_root, SYS_chroot, "/tmp")
CALLS(changes_personality, SYS_personality, 0x0040000)
CALLS(filters_itself, SYS_seccomp, 0, 0, 0)
CALLS(unknown_call, 9999)

int becomes_root(void) {
    return setuid(0) == 0 || setgid(0) == 0 || setresuid(0, 0, 0) == 0 || setgroups(0, NULL) == 0 || geteuid() == 0;
}

int undoes_its_seal(void) {
    return prctl(PR_SET_DUMPABLE, 1) == 0 || prctl(PR_SET_SECCOMP, 1) == 0 || prctl(PR_SET_PTRACER, -1) == 0 ||
           prctl(PR_CAP_AMBIENT, 2, 21, 0, 0) == 0 || prctl(PR_SET_PDEATHSIG, 9) == 0;
}
