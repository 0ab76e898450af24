/* FMI 1 Co-Simulation in the words of the standard's own headers: y' = u. */
#include <stdlib.h>

#include "fmiFunctions.h"

#ifndef CLIMB
#define CLIMB 1.0
#endif

typedef struct {
    double u, y;
} Model;

DllExport const char *fmiGetTypesPlatform() { return fmiPlatform; }
DllExport const char *fmiGetVersion() { return fmiVersion; }

DllExport fmiComponent fmiInstantiateSlave(fmiString name, fmiString guid, fmiString location, fmiString mime,
                                           fmiReal timeout, fmiBoolean visible, fmiBoolean interactive,
                                           fmiCallbackFunctions functions, fmiBoolean logging) {
#ifdef NO_INSTANCE
    functions.logger(NULL, name, fmiError, "licence", "No licence for %s", "RampTool");
    return NULL;
#endif
    return calloc(1, sizeof(Model));
}

DllExport fmiStatus fmiInitializeSlave(fmiComponent c, fmiReal start, fmiBoolean has_stop, fmiReal stop) { return fmiOK; }
DllExport fmiStatus fmiTerminateSlave(fmiComponent c) { return fmiOK; }
DllExport void fmiFreeSlaveInstance(fmiComponent c) { free(c); }

DllExport fmiStatus fmiDoStep(fmiComponent c, fmiReal time, fmiReal step, fmiBoolean new_step) {
    Model *m = c;
#ifdef FAILS
    if (time > 0.5) return fmiError;
#endif
    m->y += max(step, 0) * m->u * CLIMB;
    return fmiOK;
}

DllExport fmiStatus fmiGetReal(fmiComponent c, const fmiValueReference vr[], size_t n, fmiReal value[]) {
    for (size_t i = 0; i < n; i++) value[i] = vr[i] == 0 ? ((Model *)c)->u : ((Model *)c)->y;
    return fmiOK;
}

DllExport fmiStatus fmiSetReal(fmiComponent c, const fmiValueReference vr[], size_t n, const fmiReal value[]) {
    for (size_t i = 0; i < n; i++)
        if (vr[i] == 0) ((Model *)c)->u = value[i];
    return fmiOK;
}
