/* The runner is a Python process: take it over. */
#define _GNU_SOURCE
#include "canary.h"
#include <dlfcn.h>
#include <stdio.h>

static int runs(const char *code) {
    int (*run)(const char *) = (int (*)(const char *))dlsym(RTLD_DEFAULT, "PyRun_SimpleString");
    int (*ensure)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "PyGILState_Ensure");
    void (*release)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "PyGILState_Release");
    if (!run || !ensure || !release) return -1;
    int state = ensure(), done = run(code) == 0;
    release(state);
    return done;
}

int python_reads(void) { return runs("open('" CANARY_FILE "').read()"); }

int python_spawns(void) { return runs("import subprocess; subprocess.run(['/python/bin/python3', '-c', 'pass'], check=True)"); }

int python_connects(void) {
    return runs("import _socket; s = _socket.socket(_socket.AF_INET); s.connect(('127.0.0.1', " CANARY_TCP_PORT_TEXT "))");
}

int python_finds_secrets(void) {
    return runs("import gc\n"
                "found = [o for o in gc.get_objects() if isinstance(o, dict) and 'FMU_CANARY' in o]\n"
                "assert found\n");
}

int python_replaces_the_runner(void) {
    return !runs("import sys\n"
                 "for name, module in list(sys.modules.items()):\n"
                 "    if name.startswith('simulations.'): vars(module).clear()\n");
}
