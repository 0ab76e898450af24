/* Files that are none of the FMU's business, and more of its own than it may have. */
#define _GNU_SOURCE
#include "canary.h"
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const char *resources;

static int readable(const char *path) {
    char byte;
    int file = open(path, O_RDONLY);
    return file >= 0 && read(file, &byte, 1) == 1;
}

static int writable(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT, 0666);
    return file >= 0 && write(file, "x", 1) == 1;
}

int read_passwd(void) { return readable("/etc/passwd") + readable("/etc/shadow") + readable("/etc/hostname"); }

int read_canary(void) { return readable(CANARY_FILE) + (access(CANARY_FILE, F_OK) == 0); }

int read_through_parents(void) {
    char path[4096] = "";
    for (int i = 0; i < 40; i++) strcat(path, "../");
    strcat(path, CANARY_FILE + 1);
    return readable(path);
}

int read_processes(void) {
    return readable("/proc/self/environ") + readable("/proc/1/environ") + readable("/proc/self/maps") +
           readable("/proc/1/root/etc/passwd") + readable("/proc/self/cmdline") + readable("/sys/kernel/uevent_seqnum");
}

int read_environment(void) { return getenv("FMU_CANARY") != NULL || getenv("SECRET_KEY") != NULL; }

int read_other_fmu(void) {
    return readable(CANARY_STORE "/" CANARY_FMU "/modelDescription.xml") +
           readable("/store/" CANARY_FMU "/modelDescription.xml") + readable("/fmu/../" CANARY_FMU "/modelDescription.xml") +
           (access("/store/" CANARY_FMU, F_OK) == 0);
}

int list_root(void) {
    static const char *strange[] = {"etc", "home", "root", "proc", "sys", "var", "work", "srv", "run", "bin"};
    DIR *root = opendir("/");
    int found = 0;
    for (struct dirent *entry; root && (entry = readdir(root));)
        for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) found += strcmp(entry->d_name, strange[i]) == 0;
    return found;
}

int read_devices(void) {
    return readable("/dev/mem") + readable("/dev/kmsg") + readable("/dev/vda") + readable("/dev/sda") + readable("/dev/tty") +
           readable("/dev/fuse") + readable("/dev/shm");
}

int read_the_site(void) {
    return readable("/code/fmugateway/settings.py") + readable("/code/simulations/models/__init__.py") +
           readable("/site/django/__init__.py") + readable("/site/stripe/__init__.py");
}

int write_own_folder(void) {
    char path[4096];
    snprintf(path, sizeof path, "%s/written", resources);
    return writable(path) + writable("/fmu/written") + writable("/fmu/modelDescription.xml");
}

int write_everywhere(void) {
    return writable(CANARY_FILE) + writable(CANARY_FOLDER "/written") + writable("/written") + writable("/usr/lib/written") +
           writable("/code/simulations/fmi/cage/door.py") + writable("/site/numpy/__init__.py") + writable("/store/written") +
           writable("/incoming/written") + writable("/python/lib/written");
}

int links_out(void) {
    int made = symlink(CANARY_FILE, "link") == 0 && readable("link");
    return made + (link(CANARY_FILE, "hard") == 0) + (rename("link", "/written") == 0);
}

int change_owner(void) {
    int file = open("mine", O_WRONLY | O_CREAT, 04777);
    return chown("mine", 0, 0) == 0 || fchown(file, 0, 0) == 0 || mknod("device", S_IFBLK | 0666, 0x801) == 0;
}

int load_written_library(void) {
    char block[65536];
    int from = open("/fmu/binaries/linux64/hostile.so", O_RDONLY), to = open("copy.so", O_WRONLY | O_CREAT, 0777);
    for (ssize_t n; (n = read(from, block, sizeof block)) > 0;) write(to, block, n);
    close(to);
    return dlopen("./copy.so", RTLD_NOW) != NULL;
}

int inode_flood(void) {
    char name[32];
    int made = 0;
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "f%d", i);
        int file = open(name, O_WRONLY | O_CREAT, 0666);
        if (file < 0) break;
        close(file);
        made++;
    }
    return made > 10000;
}

int many_large_files(void) {
    static char block[1 << 20];
    char name[32];
    long written = 0;
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "f%d", i);
        int file = open(name, O_WRONLY | O_CREAT, 0666);
        for (int k = 0; k < 10; k++) written += write(file, block, sizeof block) > 0;
        close(file);
    }
    return written > 100;
}

int huge_file(void) {
    static char block[1 << 20];
    int file = open("huge", O_WRONLY | O_CREAT, 0666);
    for (long i = 0; i < 10240; i++)
        if (write(file, block, sizeof block) <= 0) return 0;
    return 1;
}

int sparse_file(void) {
    int file = open("sparse", O_WRONLY | O_CREAT, 0666);
    return ftruncate(file, 10L << 30) == 0;
}

int open_descriptors(void) {
    int open_ones = 0;
    for (int i = 0; i < 4096; i++) open_ones += fcntl(i, F_GETFD) >= 0;
    return open_ones > 4; /* standard streams and the way of the result */
}
