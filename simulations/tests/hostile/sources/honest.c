/* What honest FMUs do, and must go on doing. Each answers 0 when it worked. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern const char *resources;

static void *squares(void *number) {
    *(int *)number *= *(int *)number;
    return NULL;
}

int uses_threads(void) {
    pthread_t threads[8];
    int numbers[8], sum = 0;
    for (int i = 0; i < 8; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, squares, &numbers[i]) != 0) return 1;
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        sum += numbers[i];
    }
    return sum != 140;
}

int writes_code_and_runs_it(void) {
#ifdef __x86_64__
    static const unsigned char returns_42[] = {0xb8, 42, 0, 0, 0, 0xc3};
    unsigned char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) return 1;
    memcpy(code, returns_42, sizeof returns_42);
    if (mprotect(code, 4096, PROT_READ | PROT_EXEC) != 0) return 2;
    return ((int (*)(void))code)() != 42;
#else
    return 0;
#endif
}

int maps_writable_code(void) { return mmap(NULL, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED; }

int writes_temporary_files(void) {
    char text[8] = "", name[] = "/tmp/honest-XXXXXX";
    FILE *unnamed = tmpfile(), *here = fopen("log.txt", "w+");
    int made = mkstemp(name);
    if (!unnamed || !here || made < 0) return 1;
    if (mkdir("folder", 0777) != 0 || rename("log.txt", "folder/log.txt") != 0 || unlink(name) != 0) return 2;
    fputs("hello", here);
    rewind(here);
    return fgets(text, sizeof text, here) == NULL || strcmp(text, "hello") != 0;
}

int reads_its_resources(void) {
    char path[4096], text[8] = "";
    snprintf(path, sizeof path, "%s/data.txt", resources);
    FILE *file = fopen(path, "r");
    return !file || !fgets(text, sizeof text, file) || strcmp(text, "42") != 0;
}

int loads_another_library(void) {
    void *library = dlopen("libm.so.6", RTLD_NOW);
    double (*cosine)(double) = library ? (double (*)(double))dlsym(library, "cos") : NULL;
    return !cosine || cosine(0.0) != 1.0;
}

int asks_the_system(void) {
    struct timespec now;
    char bytes[16];
    time_t today = time(NULL);
    return clock_gettime(CLOCK_MONOTONIC, &now) != 0 || getrandom(bytes, 16, 0) != 16 || localtime(&today) == NULL ||
           sysconf(_SC_NPROCESSORS_ONLN) < 1 || setlocale(LC_ALL, "C") == NULL || getpid() < 1 || isatty(1) != 0;
}

int prints_to_nowhere(void) {
    FILE *null = fopen("/dev/null", "w");
    return !null || fputs("x", null) < 0 || fflush(null) != 0;
}

static sigjmp_buf back;

static void jumps_back(int number) { siglongjmp(back, number); }

int catches_its_own_fault(void) {
    signal(SIGFPE, jumps_back);
    volatile int one = 1, zero = 0;
    if (sigsetjmp(back, 1) == 0) return one / zero;
    signal(SIGFPE, SIG_DFL);
    return 0;
}

int does_without_a_shell(void) { return popen("true", "r") != NULL && system("true") == 0; }

int fills_half_its_memory(void) {
    size_t size = 128UL << 20;
    char *block = malloc(size);
    if (!block) return 1;
    memset(block, 1, size);
    free(block);
    return 0;
}

/* -1: call me again at the next step. */
int naps(void) {
    usleep(20000);
    return -1;
}

int naps_then_hangs(void) {
    static int steps;
    if (++steps > 50) sleep(1000);
    usleep(20000);
    return -1;
}

int naps_then_crashes(void) {
    static int steps;
    if (++steps > 50) abort();
    usleep(20000);
    return -1;
}

int logs(void) {
    printf("a line of the FMU\n");
    fprintf(stderr, "and one of its complaints\n");
    return 0;
}
