/* Never coming back. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void *spins(void *nothing) {
    for (volatile unsigned long i = 0;; i++) {}
    return nothing;
}

int spin(void) { return spins(NULL) != NULL; }

int spin_deaf(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
    return spin();
}

int spin_on_threads(void) {
    pthread_t thread;
    for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, spins, NULL);
    return spin();
}

int sleeps(void) {
    for (;;) sleep(1000);
}

int stops_itself(void) {
    raise(SIGSTOP);
    return 0;
}

int waits_for_nothing(void) {
    int ends[2];
    char byte;
    return pipe(ends) == 0 && read(ends[0], &byte, 1) == 1;
}

int sleeps_at_exit(void) {
    atexit((void (*)(void))sleeps);
    exit(0);
}
