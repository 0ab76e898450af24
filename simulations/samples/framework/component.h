/* One instance of an FMU, the same for every version of FMI. The adapters (fmi1.c, fmi2.c, fmi3.c) translate. */
#ifndef COMPONENT_H
#define COMPONENT_H

#include "model.h"

typedef enum { STATUS_OK, STATUS_WARNING, STATUS_DISCARD, STATUS_ERROR, STATUS_FATAL } Status; /* as in FMI */

typedef enum {
    INSTANTIATED = 1,
    INITIALIZATION = 2,
    EVENT = 4,
    CONTINUOUS_TIME = 8,
    STEP = 16,
    TERMINATED = 32,
    FAILED = 64,
} Mode;

enum {
    BEFORE_START = INSTANTIATED | INITIALIZATION,
    RUNNING = EVENT | CONTINUOUS_TIME | STEP,
    ANY_MODE = BEFORE_START | RUNNING | TERMINATED | FAILED,
};

typedef struct Component Component;

typedef void LogMessage(Component *component, Status status, const char *category, const char *message);

struct Component {
    Model *model;
    Mode mode;
    bool stale; /* the results do not yet follow from what was set */
    bool co_simulation;
    bool logging;
    double tolerance;
    double solver_step;
    LogMessage *log;
};

typedef struct {
    bool again;
    bool states_changed;
    bool time_defined;
    double time;
} EventOutcome;

/* Allocates `size` bytes that begin with a Component; NULL when memory is out. */
Component *component_create(size_t size, LogMessage *log, bool co_simulation, bool logging);
void component_free(Component *component);
Status component_reset(Component *component);

/* Every call begins with this: false, with a logged reason, when the call is not allowed now. */
bool component_allows(Component *component, int modes, const char *call);
Status component_fail(Component *component, const char *format, ...);

/* Make the results follow from what was set. */
void component_refresh(Component *component);

Status component_setup(Component *component, bool tolerance_defined, double tolerance, double start_time);
Status component_start(Component *component);
Status component_step(Component *component, double time, double step);
Status component_update(Component *component, EventOutcome *outcome);

double component_time(const Component *component);

/* True if an event indicator is negative: the solver of the importer stepped over an event. */
bool component_missed_event(Component *component);

/* Continuous-time interface; arrays must have the model's lengths. */
size_t component_state_count(void);
Status component_set_time(Component *component, double time);
Status component_set_states(Component *component, const double x[], size_t count);
Status component_get_states(Component *component, double x[], size_t count);
Status component_get_derivatives(Component *component, double dx[], size_t count);
Status component_get_indicators(Component *component, double z[], size_t count);
Status component_get_nominals(Component *component, double nominals[], size_t count);

/* Values of `count` variables, one after the other, elements of arrays in row-major order.
 * The element type follows from `type`: double, int, bool, int (enumeration), const char * (string).
 * `value_count` is the number of elements; strings that were read belong to the component. */
Status component_get(Component *component, Type type, const unsigned references[], size_t count, void *values,
                     size_t value_count);
Status component_set(Component *component, Type type, const unsigned references[], size_t count, const void *values,
                     size_t value_count);

/* The same for integers of FMI 1 and 2, which are integers or enumerations. */
Status component_get_integers(Component *component, const unsigned references[], size_t count, int values[]);
Status component_set_integers(Component *component, const unsigned references[], size_t count, const int values[]);

/* Snapshots of the whole state: flat blocks of snapshot_size() bytes, allocated where *snapshot is NULL. */
size_t snapshot_size(void);
Status snapshot_take(const Component *component, void **snapshot);
Status snapshot_restore(Component *component, const void *snapshot);
void snapshot_free(void **snapshot);
Status snapshot_write(Component *component, const void *snapshot, void *bytes, size_t size);
Status snapshot_read(Component *component, const void *bytes, size_t size, void **snapshot);

#endif
