/* An FMI 2.0 Co-Simulation FMU that is harmless but for one function, ATTACK, called in one phase, PHASE.

   ATTACK answers 0 when it got nothing, and anything else when it did; output `loot` shows the answer.
   Compiled with -DATTACK=name -DPHASE=load|step|terminate|unload and a canary.h that names the targets. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ATTACK(void);

enum { load, step, terminate, unload };

const char *resources = "";

static double loot = -1.0;

static void attack_in(int phase) {
    if (phase == PHASE) loot = ATTACK();
}

__attribute__((constructor)) static void on_load(void) { attack_in(load); }
__attribute__((destructor)) static void on_unload(void) { attack_in(unload); }

typedef void *Instance;
typedef unsigned int Reference;

static int instance;

Instance fmi2Instantiate(const char *name, int type, const char *guid, const char *location, const void *callbacks,
                         int visible, int logging) {
    resources = strdup(strncmp(location, "file://", 7) == 0 ? location + 7 : location);
    return &instance;
}

const char *fmi2GetTypesPlatform(void) { return "default"; }
const char *fmi2GetVersion(void) { return "2.0"; }
int fmi2SetDebugLogging(Instance i, int on, size_t n, const char *const categories[]) { return 0; }
int fmi2SetupExperiment(Instance i, int defined, double tolerance, double start, int stops, double stop) { return 0; }
int fmi2EnterInitializationMode(Instance i) { return 0; }
int fmi2ExitInitializationMode(Instance i) { return 0; }
int fmi2Reset(Instance i) { return 0; }
void fmi2FreeInstance(Instance i) {}

int fmi2Terminate(Instance i) {
    attack_in(terminate);
    return 0;
}

int fmi2GetReal(Instance i, const Reference references[], size_t n, double values[]) {
    for (size_t k = 0; k < n; k++) values[k] = loot;
    return 0;
}

int fmi2SetReal(Instance i, const Reference references[], size_t n, const double values[]) { return 0; }

int fmi2DoStep(Instance i, double time, double size, int keeps) {
    if (loot < 0.0) attack_in(step);
    return 0;
}
