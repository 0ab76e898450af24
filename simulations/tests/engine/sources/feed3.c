/* FMI 3 Co-Simulation: every type through from input to output, an array that a structural parameter sizes, and an
 * output that steps at t = 0.25, which with event mode takes an early return. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fmi3Functions.h"

enum { SIZE = 1, VECTOR, SUM, STEP, CLOCK };
enum { INPUT = 100, OUTPUT = 200 }; /* + the type's number */
enum { F32, F64, I8, U8, I16, U16, I32, U32, I64, U64, BOOL, ENUM, TEXT, BYTES };
#define MOST 16

typedef struct {
    float f32;
    double f64;
    long long integers[12];
    unsigned long long u64;
    bool on;
    char text[64];
    unsigned char bytes[64];
    size_t byte_count, size;
    double vector[MOST], step;
    bool event_mode, configuring, in_event;
    double waits_at;
} Model;

static Model *new_model(bool event_mode) {
    Model *m = calloc(1, sizeof(Model));
    m->event_mode = event_mode;
    m->size = 2;
    for (int i = 0; i < MOST; i++) m->vector[i] = i + 1;
    return m;
}

const char *fmi3GetVersion(void) { return "3.0"; }

fmi3Instance fmi3InstantiateCoSimulation(fmi3String name, fmi3String token, fmi3String resources, fmi3Boolean visible,
                                         fmi3Boolean logging, fmi3Boolean event_mode, fmi3Boolean early_return,
                                         const fmi3ValueReference required[], size_t n, fmi3InstanceEnvironment env,
                                         fmi3LogMessageCallback log, fmi3IntermediateUpdateCallback update) {
#ifdef ONLY_WITH_EVENT_MODE
    if (!event_mode) {
        log(env, fmi3Error, "error", "This FMU needs event mode");
        return NULL;
    }
#endif
    return new_model(event_mode && early_return);
}

void fmi3FreeInstance(fmi3Instance c) { free(c); }
fmi3Status fmi3EnterInitializationMode(fmi3Instance c, fmi3Boolean a, fmi3Float64 b, fmi3Float64 d, fmi3Boolean e,
                                       fmi3Float64 f) {
    return fmi3OK;
}
fmi3Status fmi3ExitInitializationMode(fmi3Instance c) { return fmi3OK; }
fmi3Status fmi3EnterStepMode(fmi3Instance c) {
    ((Model *)c)->in_event = false;
    return fmi3OK;
}
fmi3Status fmi3EnterEventMode(fmi3Instance c) {
    ((Model *)c)->in_event = true;
    return fmi3OK;
}
fmi3Status fmi3Terminate(fmi3Instance c) { return fmi3OK; }

fmi3Status fmi3EnterConfigurationMode(fmi3Instance c) {
    ((Model *)c)->configuring = true;
    return fmi3OK;
}
fmi3Status fmi3ExitConfigurationMode(fmi3Instance c) {
    ((Model *)c)->configuring = false;
    return fmi3OK;
}

fmi3Status fmi3UpdateDiscreteStates(fmi3Instance c, fmi3Boolean *again, fmi3Boolean *end, fmi3Boolean *nominals,
                                    fmi3Boolean *values, fmi3Boolean *has_next, fmi3Float64 *next) {
    Model *m = c;
    *again = *end = *nominals = *values = *has_next = false;
    if (m->in_event) m->step = 1;
    return fmi3OK;
}

fmi3Status fmi3DoStep(fmi3Instance c, fmi3Float64 time, fmi3Float64 step, fmi3Boolean no_rollback, fmi3Boolean *event,
                      fmi3Boolean *end, fmi3Boolean *early, fmi3Float64 *last) {
    Model *m = c;
    *event = *end = *early = false;
    *last = time + step;
    if (m->step == 0 && time + step > 0.25) {
        if (m->event_mode) {
            *event = *early = true;
            *last = 0.25;
        } else {
            m->step = 1;
        }
    }
    return fmi3OK;
}

#define VALUES(NAME, TYPE, FIELD, KIND)                                                                             \
    fmi3Status fmi3Get##NAME(fmi3Instance c, const fmi3ValueReference vr[], size_t n, TYPE value[], size_t count) { \
        for (size_t i = 0; i < n; i++) {                                                                            \
            if (vr[i] != INPUT + KIND && vr[i] != OUTPUT + KIND) return fmi3Error;                                  \
            value[i] = (TYPE)((Model *)c)->FIELD;                                                                   \
        }                                                                                                           \
        return fmi3OK;                                                                                              \
    }                                                                                                               \
    fmi3Status fmi3Set##NAME(fmi3Instance c, const fmi3ValueReference vr[], size_t n, const TYPE value[],           \
                             size_t count) {                                                                        \
        for (size_t i = 0; i < n; i++) {                                                                            \
            if (vr[i] != INPUT + KIND) return fmi3Error;                                                            \
            ((Model *)c)->FIELD = value[i];                                                                         \
        }                                                                                                           \
        return fmi3OK;                                                                                              \
    }

VALUES(Float32, fmi3Float32, f32, F32)
VALUES(Int8, fmi3Int8, integers[I8], I8)
VALUES(UInt8, fmi3UInt8, integers[U8], U8)
VALUES(Int16, fmi3Int16, integers[I16], I16)
VALUES(UInt16, fmi3UInt16, integers[U16], U16)
VALUES(Int32, fmi3Int32, integers[I32], I32)
VALUES(UInt32, fmi3UInt32, integers[U32], U32)
VALUES(Boolean, fmi3Boolean, on, BOOL)

/* Int64 and enumerations share their functions. */
fmi3Status fmi3GetInt64(fmi3Instance c, const fmi3ValueReference vr[], size_t n, fmi3Int64 value[], size_t count) {
    for (size_t i = 0; i < n; i++) value[i] = ((Model *)c)->integers[vr[i] % 100];
    return fmi3OK;
}
fmi3Status fmi3SetInt64(fmi3Instance c, const fmi3ValueReference vr[], size_t n, const fmi3Int64 value[],
                        size_t count) {
    for (size_t i = 0; i < n; i++) ((Model *)c)->integers[vr[i] % 100] = value[i];
    return fmi3OK;
}

fmi3Status fmi3GetUInt64(fmi3Instance c, const fmi3ValueReference vr[], size_t n, fmi3UInt64 value[], size_t count) {
    for (size_t i = 0; i < n; i++) value[i] = vr[i] == SIZE ? ((Model *)c)->size : ((Model *)c)->u64;
    return fmi3OK;
}
fmi3Status fmi3SetUInt64(fmi3Instance c, const fmi3ValueReference vr[], size_t n, const fmi3UInt64 value[],
                         size_t count) {
    Model *m = c;
    for (size_t i = 0; i < n; i++) {
        if (vr[i] != SIZE) {
            m->u64 = value[i];
        } else if (!m->configuring || value[i] > MOST) {
            return fmi3Error;
        } else {
            m->size = value[i];
        }
    }
    return fmi3OK;
}

fmi3Status fmi3GetFloat64(fmi3Instance c, const fmi3ValueReference vr[], size_t n, fmi3Float64 value[], size_t count) {
    Model *m = c;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (vr[i] == VECTOR) {
            for (size_t k = 0; k < m->size; k++) value[at++] = m->vector[k];
        } else if (vr[i] == SUM) {
            double sum = 0;
            for (size_t k = 0; k < m->size; k++) sum += m->vector[k];
            value[at++] = sum;
        } else {
            value[at++] = vr[i] == STEP ? m->step : m->f64;
        }
    }
    return at == count ? fmi3OK : fmi3Error;
}
fmi3Status fmi3SetFloat64(fmi3Instance c, const fmi3ValueReference vr[], size_t n, const fmi3Float64 value[],
                          size_t count) {
    Model *m = c;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (vr[i] == VECTOR) {
            for (size_t k = 0; k < m->size; k++) m->vector[k] = value[at++];
        } else {
            m->f64 = value[at++];
        }
    }
    return at == count ? fmi3OK : fmi3Error;
}

fmi3Status fmi3SetString(fmi3Instance c, const fmi3ValueReference vr[], size_t n, const fmi3String value[],
                         size_t count) {
    if (strcmp(value[0], "Grüße") != 0) return fmi3Error;
    return fmi3OK;
}

fmi3Status fmi3GetString(fmi3Instance c, const fmi3ValueReference vr[], size_t n, fmi3String value[], size_t count) {
#ifdef NEW_TEXT_EACH_TIME
    static char text[20];
    static int asked;
    sprintf(text, "text %d", asked++);
    value[0] = text;
#else
    value[0] = ((Model *)c)->step ? "höher, \"oben\"" : NULL;
#endif
    return fmi3OK;
}

fmi3Status fmi3SetBinary(fmi3Instance c, const fmi3ValueReference vr[], size_t n, const size_t sizes[],
                         const fmi3Binary value[], size_t count) {
    return sizes[0] == 3 && memcmp(value[0], "\x01\xfe\x00", 3) == 0 ? fmi3OK : fmi3Error;
}
