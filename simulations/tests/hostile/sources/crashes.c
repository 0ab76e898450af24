/* Ends that are not the end of the run. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int segfaults(void) { return *(volatile int *)16; }

int jumps_nowhere(void) { return ((int (*)(void))0xdead)(); }

static int deeper(volatile char *above) {
    volatile char here[65536];
    here[0] = *above;
    return deeper(here) + here[0];
}

int overflows_the_stack(void) {
    volatile char start = 0;
    return deeper(&start);
}

int aborts(void) { abort(); }

int divides_by_zero(void) {
    volatile int one = 1, zero = 0;
    return one / zero;
}

int illegal_instruction(void) { __builtin_trap(); }

int exits_0(void) { exit(0); }

int exits_7(void) { exit(7); }

int exits_at_once(void) { _exit(0); }

int kills_itself(void) { return raise(SIGKILL); }

int terminates_itself(void) { return raise(SIGTERM); }

int closes_all_files(void) {
    for (int i = 0; i < 4096; i++) close(i);
    return 0;
}
