/* More memory than a run may have. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int asks_for_100_gb(void) { return malloc(100UL << 30) != NULL; }

int touches_all(void) {
    for (;;) {
        char *block = malloc(16 << 20);
        if (!block) return 0;
        memset(block, 1, 16 << 20);
    }
}

int maps_all(void) {
    for (;;) {
        char *block = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (block == MAP_FAILED) return 0;
        memset(block, 1, 16 << 20);
    }
}

int maps_everything(void) {
    return mmap(NULL, 1UL << 46, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED;
}
