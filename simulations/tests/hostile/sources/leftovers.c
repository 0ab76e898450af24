/* What one run could leave for the next one, and what it could find of the one before. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern const char *resources;

static const char *MARK = "left by the run before";

/* Names that clearing up trips over, loops, hard links, holes, folders as deep as they go, all without rights. */
int leaves_everything(void) {
    const char *odd[] = {"-rf", "\n", "\xff\xfe", "*", " ", "\x1b[2J", "..."};
    int got = 0;
    for (int i = 0; i < 7; i++) {
        int file = open(odd[i], O_WRONLY | O_CREAT, 0);
        write(file, MARK, strlen(MARK));
        ftruncate(file, 16 << 20);
        close(file);
        char twin[32];
        snprintf(twin, sizeof twin, "twin%d", i);
        link(odd[i], twin);
    }
    symlink("loop", "loop");
    symlink("/", "root");
    symlink(resources, "own");
    got += link("/python/bin/python3", "python") == 0;
    got += mknod("pipe", S_IFIFO | 0666, 0) == 0;
    got += mknod("null", S_IFCHR | 0666, 0x103) == 0;
    syscall(SYS_renameat2, AT_FDCWD, "twin0", AT_FDCWD, "out", 4 /* leave a whiteout, which opens nothing */);
    got += open("twin0", O_RDWR) >= 0;
    for (int depth = 0; depth < 2000 && mkdir("d", 0777) == 0 && chdir("d") == 0; depth++) {}
    chmod(".", 0);
    putenv("LEFT=left by the run before");
    umask(0777);
    return got;
}

/* But for the link to its own resources, which each run is given. */
static int holds(const char *path) {
    DIR *folder = opendir(path);
    int entries = 0;
    if (!folder) return 0;
    for (struct dirent *entry; (entry = readdir(folder));) entries += strcmp(entry->d_name, "resources") != 0;
    closedir(folder);
    return entries - 2;
}

static int marked(const char *path) {
    char text[64] = "";
    int file = open(path, O_RDONLY);
    if (file >= 0) read(file, text, sizeof text - 1);
    return file >= 0 && strcmp(text, MARK) == 0;
}

/* Its scratch folder is as new, and so is what the process itself inherits. */
int finds_leftovers(void) {
    mode_t mask = umask(0);
    return holds(".") + holds("/tmp") + holds("/dev/shm") + marked("twin1") + marked("/tmp/twin1") + marked("/dev/shm/left")
        + (getenv("LEFT") != NULL) + (mask == 0777);
}

static void nothing(int number) {}

/* Pages that are shared with whoever comes next, written where they can be. */
int writes_shared_pages(void) {
    int got = 0;
    const char *libraries[] = {"/python/bin/python3", "/site/numpy/__init__.py", "/code/simulations/__init__.py"};
    for (int i = 0; i < 3; i++) {
        int file = open(libraries[i], O_RDONLY);
        if (file < 0) continue;
        got += mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED;
        char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
        got += page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0;
        got += ftruncate(file, 0) == 0 || futimens(file, NULL) == 0 || fallocate(file, 0, 0, 1) == 0;
        got += fchmod(file, 0777) == 0;
    }
    return got;
}

/* Signals and leases on files that other processes open too; input pushed into a terminal, by any bits. */
int reaches_others_through_files(void) {
    int got = 0, file = open("/python/bin/python3", O_RDONLY), folder = open("/", O_RDONLY | O_DIRECTORY);
    signal(SIGIO, nothing);
    got += fcntl(file, 1024 /* F_SETLEASE */, F_RDLCK) == 0;
    got += fcntl(folder, 1026 /* F_NOTIFY */, 0x8000001f) == 0;
    got += fcntl(1, F_SETOWN, 1) == 0 || fcntl(1, F_SETOWN, -1) == 0 || fcntl(1, 10 /* F_SETSIG */, SIGKILL) == 0;
    for (long bits = 0; bits < 2; bits++) {
        got += syscall(SYS_ioctl, 1, 0x5412 /* TIOCSTI */ | bits << 32, "x") == 0;
        got += syscall(SYS_ioctl, 1, 0x541C /* TIOCLINUX */ | bits << 32, "\3") == 0;
        got += syscall(SYS_prctl, 1 /* PR_SET_PDEATHSIG */ | bits << 32, SIGKILL) == 0;
        got += syscall(SYS_prctl, 4 /* PR_SET_DUMPABLE */ | bits << 32, 1) == 0;
        got += syscall(SYS_kill, 1 | bits << 32, SIGKILL) == 0;
        got += syscall(SYS_prlimit64, 1, 7 /* RLIMIT_NOFILE */ | bits << 32, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0) == 0;
    }
    return got;
}

/* As many pipes as there may be, each as large as it may be, all full. */
int fills_pipes(void) {
    static char block[1 << 20];
    int ends[2];
    while (pipe2(ends, O_NONBLOCK) == 0) {
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
        while (write(ends[1], block, sizeof block) > 0) {}
    }
    return errno != EMFILE && errno != ENFILE && errno != ENOMEM;
}
