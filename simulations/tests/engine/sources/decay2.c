/* FMI 2: x' = -k x + u, y = 2 x. Each macro makes it misbehave in one way that real FMUs know. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fmi2Functions.h"

#ifndef MODEL_IDENTIFIER
#define MODEL_IDENTIFIER Decay
#endif

enum { TIME, X, DER_X, K, U, Y };

typedef struct {
    double values[6];
    double stop;
    int count;
    int mode;
    int on;
    char text[64];
    fmi2CallbackLogger log;
    fmi2ComponentEnvironment environment;
    int discarded;
} Model;

static void say(Model *m, fmi2Status status, const char *text) {
    m->log(m->environment, "decay", status, "log", "%s at t=%g", text, m->values[TIME]);
}

static double slope(const Model *m) { return -m->values[K] * m->values[X] + m->values[U]; }

const char *fmi2GetTypesPlatform(void) { return "default"; }
const char *fmi2GetVersion(void) { return "2.0"; }

#ifdef HANGS_IN_CONSTRUCTOR
__attribute__((constructor)) static void hang(void) {
    for (;;) pause();
}
#endif

#ifdef NEEDS_FORTRAN
extern void needed_from_fortran(void);
#endif

fmi2Component fmi2Instantiate(fmi2String name, fmi2Type type, fmi2String guid, fmi2String resources,
                              const fmi2CallbackFunctions *functions, fmi2Boolean visible, fmi2Boolean logging) {
    Model *m = calloc(1, sizeof(Model));
    (void)name, (void)guid, (void)resources, (void)visible, (void)logging, (void)type;
    m->log = functions->logger;
    m->environment = functions->componentEnvironment;
    m->values[X] = 1;
    m->values[K] = 1;
    m->mode = 1;
#ifdef NEEDS_FORTRAN
    needed_from_fortran();
#endif
#ifdef NO_LICENCE
    say(m, fmi2Error, "No licence: set DYMOLA_RUNTIME_LICENSE");
    return NULL;
#endif
#ifdef SAYS
    say(m, fmi2Error, SAYS);
    return NULL;
#endif
#ifdef WRITES_RESOURCES
    char path[512];
    snprintf(path, sizeof path, "%s/cache.bin", resources + strlen("file://"));
    FILE *cache = fopen(path, "w");
    if (cache == NULL) {
        say(m, fmi2Error, "Cannot write cache.bin into the resources");
        return NULL;
    }
#endif
#ifdef CHECKS_LICENCE_BY_A_PROGRAM
    if (system("lmutil lmstat") != 0) {
        say(m, fmi2Error, "The licence check could not be run");
        return NULL;
    }
#endif
#ifdef NO_CO_SIMULATION
    if (type == fmi2CoSimulation) {
        say(m, fmi2Error, "This is no slave");
        return NULL;
    }
#endif
#ifdef NEVER_INSTANTIATES
    say(m, fmi2Error, "The tables are missing");
    return NULL;
#endif
#ifdef NO_MODEL_EXCHANGE
    if (type == fmi2ModelExchange) return NULL;
#endif
#ifdef LOGS_A_LOT
    for (int i = 0; i < 200000; i++) say(m, fmi2OK, "the same line again and again, to fill a disk");
#endif
#ifdef READS_RELATIVE_RESOURCE
    FILE *file = fopen("resources/table.txt", "r");
    if (file == NULL || fscanf(file, "%lf", &m->values[K]) != 1) return NULL;
    fclose(file);
#endif
    return m;
}

void fmi2FreeInstance(fmi2Component c) { free(c); }

fmi2Status fmi2SetupExperiment(fmi2Component c, fmi2Boolean has_tolerance, fmi2Real tolerance, fmi2Real start,
                               fmi2Boolean has_stop, fmi2Real stop) {
    Model *m = c;
    (void)has_tolerance, (void)tolerance;
    m->values[TIME] = start;
    m->stop = has_stop ? stop : INFINITY;
    return fmi2OK;
}

fmi2Status fmi2EnterInitializationMode(fmi2Component c) {
    (void)c;
    return fmi2OK;
}

fmi2Status fmi2ExitInitializationMode(fmi2Component c) {
    (void)c;
#ifdef FAILS_TO_INITIALIZE
    say(c, fmi2Error, "The initial equations have no solution");
    return fmi2Error;
#endif
    return fmi2OK;
}

fmi2Status fmi2Terminate(fmi2Component c) {
    (void)c;
    return fmi2OK;
}

fmi2Status fmi2GetReal(fmi2Component c, const fmi2ValueReference vr[], size_t n, fmi2Real value[]) {
    Model *m = c;
    for (size_t i = 0; i < n; i++) {
        value[i] = vr[i] == Y ? 2 * m->values[X] : vr[i] == DER_X ? slope(m) : m->values[vr[i]];
#ifdef TURNS_NAN
        if (vr[i] == Y && m->values[TIME] > 0.5) value[i] = NAN;
#endif
    }
    return fmi2OK;
}

fmi2Status fmi2SetReal(fmi2Component c, const fmi2ValueReference vr[], size_t n, const fmi2Real value[]) {
    Model *m = c;
    for (size_t i = 0; i < n; i++) m->values[vr[i]] = value[i];
    return fmi2OK;
}

fmi2Status fmi2GetInteger(fmi2Component c, const fmi2ValueReference vr[], size_t n, fmi2Integer value[]) {
    Model *m = c;
    for (size_t i = 0; i < n; i++) value[i] = vr[i] == 0 ? m->count : m->mode;
    return fmi2OK;
}

fmi2Status fmi2SetInteger(fmi2Component c, const fmi2ValueReference vr[], size_t n, const fmi2Integer value[]) {
    Model *m = c;
    for (size_t i = 0; i < n; i++) *(vr[i] == 0 ? &m->count : &m->mode) = value[i];
    return fmi2OK;
}

fmi2Status fmi2GetBoolean(fmi2Component c, const fmi2ValueReference vr[], size_t n, fmi2Boolean value[]) {
    for (size_t i = 0; i < n; i++) value[i] = vr[i] == 0 ? ((Model *)c)->on : 0;
    return fmi2OK;
}

fmi2Status fmi2SetBoolean(fmi2Component c, const fmi2ValueReference vr[], size_t n, const fmi2Boolean value[]) {
    for (size_t i = 0; i < n; i++)
        if (vr[i] == 0) ((Model *)c)->on = value[i];
    return fmi2OK;
}

#ifdef COSIMULATION
fmi2Status fmi2DoStep(fmi2Component c, fmi2Real time, fmi2Real step, fmi2Boolean no_rollback) {
    Model *m = c;
    (void)no_rollback;
#ifdef DISCARDS_LARGE_STEPS
    if (step > 0.004) return fmi2Discard;
#endif
#ifdef DISCARDS_ALL
    return fmi2Discard;
#endif
#ifdef ENDS_EARLY
    if (time >= 0.5) return fmi2Discard;
#endif
#ifdef FAILS_FATALLY
    if (time >= 0.5) {
        say(m, fmi2Fatal, "Division by zero in pump.eta");
        return fmi2Fatal;
    }
#endif
#ifdef HANGS
    for (;;) pause();
#endif
#ifdef CRASHES
    *(volatile int *)4 = 0;
#endif
#ifdef CONSTANT_STEPS_ONLY
    if (m->discarded++ > 0 && fabs(step - m->stop) > 1e-9) return fmi2Error;
    m->stop = step;
#endif
    m->values[X] += step * slope(m);
    m->values[TIME] = time + step;
    m->count++;
    return fmi2OK;
}

fmi2Status fmi2GetBooleanStatus(fmi2Component c, const fmi2StatusKind kind, fmi2Boolean *value) {
    (void)c, (void)kind;
#ifdef ENDS_EARLY
    *value = kind == fmi2Terminated;
    return fmi2OK;
#else
    *value = 0;
    return fmi2Discard;
#endif
}

fmi2Status fmi2GetRealStatus(fmi2Component c, const fmi2StatusKind kind, fmi2Real *value) {
    (void)kind;
    *value = ((Model *)c)->values[TIME];
    return fmi2OK;
}
#endif

#ifdef MODEL_EXCHANGE
fmi2Status fmi2SetTime(fmi2Component c, fmi2Real time) {
    Model *m = c;
    m->values[TIME] = time;
#ifdef MINDS_STOP_TIME
    if (time > m->stop) {
        say(m, fmi2Error, "Cannot set a time past stop_time");
        return fmi2Error;
    }
#endif
    return fmi2OK;
}

fmi2Status fmi2EnterEventMode(fmi2Component c) {
    (void)c;
    return fmi2OK;
}

fmi2Status fmi2EnterContinuousTimeMode(fmi2Component c) {
    (void)c;
    return fmi2OK;
}

fmi2Status fmi2NewDiscreteStates(fmi2Component c, fmi2EventInfo *info) {
    (void)c;
    memset(info, 0, sizeof *info);
#ifdef NEVER_SETTLES
    info->newDiscreteStatesNeeded = ((Model *)c)->values[TIME] > 0.5;
    info->nextEventTimeDefined = 1;
    info->nextEventTime = 0.6;
#endif
#ifdef STANDS_STILL
    info->nextEventTimeDefined = 1;
    info->nextEventTime = ((Model *)c)->values[TIME] < 0.5 ? 0.5 : ((Model *)c)->values[TIME];
#endif
    return fmi2OK;
}

fmi2Status fmi2CompletedIntegratorStep(fmi2Component c, fmi2Boolean no_rollback, fmi2Boolean *event, fmi2Boolean *end) {
    (void)c, (void)no_rollback;
    *event = 0;
    *end = 0;
#ifdef ENDS_EARLY
    *end = ((Model *)c)->values[TIME] >= 0.5;
#endif
    return fmi2OK;
}

fmi2Status fmi2SetContinuousStates(fmi2Component c, const fmi2Real x[], size_t n) {
    if (n > 0) ((Model *)c)->values[X] = x[0];
    return fmi2OK;
}

fmi2Status fmi2GetContinuousStates(fmi2Component c, fmi2Real x[], size_t n) {
    if (n > 0) x[0] = ((Model *)c)->values[X];
    return fmi2OK;
}

fmi2Status fmi2GetDerivatives(fmi2Component c, fmi2Real dx[], size_t n) {
    Model *m = c;
#ifdef DERIVATIVE_FAILS
    if (m->values[TIME] > 0.5) {
        say(m, fmi2Error, "Tables.Table1D: value out of range");
        return fmi2Error;
    }
#endif
    if (n > 0) dx[0] = slope(m);
    return fmi2OK;
}

fmi2Status fmi2GetEventIndicators(fmi2Component c, fmi2Real z[], size_t n) {
    (void)c, (void)z, (void)n;
    return fmi2OK;
}

#ifndef NO_NOMINALS
fmi2Status fmi2GetNominalsOfContinuousStates(fmi2Component c, fmi2Real nominals[], size_t n) {
    (void)c;
    for (size_t i = 0; i < n; i++) nominals[i] = 0;
    return fmi2OK;
}
#endif
#endif
