/* FMI 1 Model Exchange: a ball that bounces, h' = v, v' = -g; a time event turns the light on at t = 0.5. */
#include <stdlib.h>
#include <string.h>

#include "fmiModelFunctions.h"

enum { H, V, G, E };

typedef struct {
    double time, values[4];
    int count;
    char lit;
} Model;

DllExport const char *fmiGetModelTypesPlatform() { return fmiModelTypesPlatform; }
DllExport const char *fmiGetVersion() { return fmiVersion; }

DllExport fmiComponent fmiInstantiateModel(fmiString name, fmiString guid, fmiCallbackFunctions functions,
                                           fmiBoolean logging) {
    Model *m = calloc(1, sizeof(Model));
    m->values[H] = 1;
    m->values[G] = 9.81;
    m->values[E] = 0.7;
    return m;
}

DllExport void fmiFreeModelInstance(fmiComponent c) { free(c); }
DllExport fmiStatus fmiTerminate(fmiComponent c) { return fmiOK; }

DllExport fmiStatus fmiSetTime(fmiComponent c, fmiReal time) {
    ((Model *)c)->time = time;
    return fmiOK;
}

static void tell(Model *m, fmiEventInfo *info) {
    memset(info, 0, sizeof *info);
    info->iterationConverged = fmiTrue;
    info->upcomingTimeEvent = !m->lit;
    info->nextEventTime = 0.5;
}

DllExport fmiStatus fmiInitialize(fmiComponent c, fmiBoolean controlled, fmiReal tolerance, fmiEventInfo *info) {
    tell(c, info);
    return fmiOK;
}

DllExport fmiStatus fmiEventUpdate(fmiComponent c, fmiBoolean intermediate, fmiEventInfo *info) {
    Model *m = c;
    if (m->values[H] <= 0 && m->values[V] < 0) {
        m->values[H] = 0;
        m->values[V] *= -m->values[E];
        m->count++;
    }
    if (m->time >= 0.5) m->lit = fmiTrue;
    tell(m, info);
    return fmiOK;
}

DllExport fmiStatus fmiCompletedIntegratorStep(fmiComponent c, fmiBoolean *update) {
    *update = fmiFalse;
    return fmiOK;
}

DllExport fmiStatus fmiGetContinuousStates(fmiComponent c, fmiReal x[], size_t n) {
    memcpy(x, ((Model *)c)->values, n * sizeof *x);
    return fmiOK;
}

DllExport fmiStatus fmiSetContinuousStates(fmiComponent c, const fmiReal x[], size_t n) {
    memcpy(((Model *)c)->values, x, n * sizeof *x);
    return fmiOK;
}

DllExport fmiStatus fmiGetDerivatives(fmiComponent c, fmiReal dx[], size_t n) {
    dx[0] = ((Model *)c)->values[V];
    dx[1] = -((Model *)c)->values[G];
    return fmiOK;
}

DllExport fmiStatus fmiGetEventIndicators(fmiComponent c, fmiReal z[], size_t n) {
    Model *m = c;
    z[0] = m->values[H] > 0 || m->values[V] > 0 ? (m->values[H] > 0 ? m->values[H] : 1e-9) : m->values[H] - 1e-9;
    return fmiOK;
}

DllExport fmiStatus fmiGetNominalContinuousStates(fmiComponent c, fmiReal nominals[], size_t n) {
    for (size_t i = 0; i < n; i++) nominals[i] = 1;
    return fmiOK;
}

DllExport fmiStatus fmiGetReal(fmiComponent c, const fmiValueReference vr[], size_t n, fmiReal value[]) {
    for (size_t i = 0; i < n; i++) value[i] = ((Model *)c)->values[vr[i]];
    return fmiOK;
}

DllExport fmiStatus fmiSetReal(fmiComponent c, const fmiValueReference vr[], size_t n, const fmiReal value[]) {
    for (size_t i = 0; i < n; i++) ((Model *)c)->values[vr[i]] = value[i];
    return fmiOK;
}

DllExport fmiStatus fmiGetInteger(fmiComponent c, const fmiValueReference vr[], size_t n, fmiInteger value[]) {
    for (size_t i = 0; i < n; i++) value[i] = ((Model *)c)->count;
    return fmiOK;
}

DllExport fmiStatus fmiGetBoolean(fmiComponent c, const fmiValueReference vr[], size_t n, fmiBoolean value[]) {
    for (size_t i = 0; i < n; i++) value[i] = ((Model *)c)->lit;
    return fmiOK;
}
