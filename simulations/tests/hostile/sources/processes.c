/* More processes, and other people's. */
#define _GNU_SOURCE
#include "canary.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

int forks(void) {
    int child = fork();
    if (child == 0) _exit(0);
    return child > 0;
}

int vforks(void) {
    int child = vfork();
    if (child == 0) _exit(0);
    return child > 0;
}

int fork_bomb(void) {
    int made = 0;
    for (int i = 0; i < 10000; i++) {
        int child = fork();
        if (child == 0)
            for (;;) pause();
        made += child > 0;
    }
    return made;
}

int clones(void) {
    return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0 || syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0 ||
           syscall(SYS_clone, CLONE_VM | CLONE_NEWNET | SIGCHLD, 0, 0, 0, 0) >= 0;
}

int clone3(void) {
    unsigned long long arguments[11] = {0};
    arguments[4] = SIGCHLD;
    return syscall(SYS_clone3, arguments, sizeof arguments) >= 0;
}

int execs(void) {
    char *const arguments[] = {"/python/bin/python3", "-c", "pass", NULL};
    execv(arguments[0], arguments);
    execl("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "ld.so", "--help", NULL);
    return 0; /* whoever comes back has not become another program */
}

int spawns(void) {
    char *const arguments[] = {"/python/bin/python3", "-c", "pass", NULL};
    pid_t child;
    return posix_spawn(&child, arguments[0], NULL, NULL, arguments, NULL) == 0;
}

int shell(void) {
    FILE *pipe = popen("id", "r");
    return (pipe && fgetc(pipe) != EOF) || system("true") == 0;
}

int daemonizes(void) { return daemon(0, 0) == 0; }

static void *waits(void *nothing) {
    for (;;) pause();
    return nothing;
}

int thread_bomb(void) {
    pthread_t thread;
    int made = 0;
    while (made < 10000 && pthread_create(&thread, NULL, waits, NULL) == 0) made++;
    return made > 128;
}

int kills_the_warden(void) {
    return kill(1, SIGKILL) == 0 || kill(getppid(), SIGKILL) == 0 || syscall(SYS_tgkill, 1, 1, SIGKILL) == 0;
}

int kills_everybody(void) { return kill(-1, SIGKILL) == 0 || kill(0, SIGKILL) == 0; }

int stops_the_warden(void) { return syscall(SYS_tkill, 1, SIGSTOP) == 0 && kill(1, 0) == 0; }

int kills_the_server(void) { return kill(CANARY_PID, SIGKILL) == 0 || syscall(SYS_tkill, CANARY_PID, SIGKILL) == 0; }

int signals_by_queue(void) {
    union sigval value = {0};
    return sigqueue(CANARY_PID, SIGKILL, value) == 0 || sigqueue(1, SIGKILL, value) == 0;
}

int traces(void) { return ptrace(PTRACE_ATTACH, CANARY_PID, 0, 0) == 0; }

int reads_memory(void) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)CANARY_ADDRESS, 1};
    return process_vm_readv(CANARY_PID, &here, 1, &there, 1, 0) == 1;
}

int writes_memory(void) {
    char byte = 'x';
    struct iovec here = {&byte, 1}, there = {(void *)CANARY_ADDRESS, 1};
    return process_vm_writev(CANARY_PID, &here, 1, &there, 1, 0) == 1;
}

int pidfd(void) { return syscall(SYS_pidfd_open, CANARY_PID, 0) >= 0; }

int pidfd_of_warden(void) { return syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, 1, 0), 0, 0) >= 0; }

int outranks(void) {
    struct sched_param high = {.sched_priority = 99};
    return setpriority(PRIO_PROCESS, 0, -20) == 0 || sched_setscheduler(0, SCHED_FIFO, &high) == 0;
}

int lifts_limits(void) {
    struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_AS, &more) == 0 || setrlimit(RLIMIT_CPU, &more) == 0 || setrlimit(RLIMIT_NPROC, &more) == 0 ||
           prlimit(1, RLIMIT_AS, &more, NULL) == 0;
}
