#include "component.h"

#include "access.h"
#include "solver.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double DEFAULT_TOLERANCE = 1e-8;
enum { MAX_EVENT_PASSES = 100 };

Component *component_create(size_t size, LogMessage *log, bool co_simulation, bool logging)
{
    if (model_state_count() > MAX_STATES || model_info.indicator_count > MAX_INDICATORS)
        return NULL;
    Component *component = calloc(1, size);
    Model *model = malloc(model_info.size);
    if (!component || !model) {
        free(component);
        free(model);
        return NULL;
    }
    component->model = model;
    component->log = log;
    component->co_simulation = co_simulation;
    component->logging = logging;
    component_reset(component);
    return component;
}

void component_free(Component *component)
{
    if (component)
        free(component->model);
    free(component);
}

Status component_reset(Component *component)
{
    memcpy(component->model, model_info.start, model_info.size);
    component->mode = INSTANTIATED;
    component->stale = true;
    component->tolerance = DEFAULT_TOLERANCE;
    component->solver_step = 0;
    return STATUS_OK;
}

Status component_fail(Component *component, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    component->log(component, STATUS_ERROR, "logStatusError", message);
    return STATUS_ERROR;
}

static void log_event(Component *component)
{
    char message[64];
    if (!component->logging)
        return;
    snprintf(message, sizeof message, "event at time %.9g", model_time(component->model));
    component->log(component, STATUS_OK, "logEvents", message);
}

static const char *mode_name(Mode mode)
{
    switch (mode) {
    case INSTANTIATED: return "before initialization";
    case INITIALIZATION: return "during initialization";
    case EVENT: return "in event mode";
    case CONTINUOUS_TIME: return "in continuous-time mode";
    case STEP: return "in step mode";
    case TERMINATED: return "after termination";
    case FAILED: return "after a failure";
    }
    return "now";
}

bool component_allows(Component *component, int modes, const char *call)
{
    if (!component)
        return false;
    if (component->mode & modes)
        return true;
    component_fail(component, "%s is not allowed %s", call, mode_name(component->mode));
    return false;
}

Status component_setup(Component *component, bool tolerance_defined, double tolerance, double start_time)
{
    if (tolerance_defined && tolerance > 0)
        component->tolerance = fmin(fmax(tolerance, 1e-12), 1e-3);
    model_set_time(component->model, start_time);
    component->stale = true;
    return STATUS_OK;
}

void component_refresh(Component *component)
{
    if (!component->stale)
        return;
    if (component->mode & BEFORE_START && model_info.initialize)
        model_info.initialize(component->model);
    model_info.compute(component->model);
    component->stale = false;
}

static Status give_up(Component *component, const char *problem)
{
    component->mode = FAILED;
    return component_fail(component, "%s (at time %.9g)", problem, model_time(component->model));
}

/* Handle the events that are due until nothing changes any more. */
static Status settle(Component *component)
{
    for (int pass = 0; pass < MAX_EVENT_PASSES; pass++) {
        if (!model_event(component->model))
            return STATUS_OK;
        log_event(component);
    }
    return give_up(component, "the events of one instant never settle");
}

Status component_start(Component *component)
{
    const char *problem = model_info.check ? model_info.check(component->model) : NULL;
    if (problem)
        return component_fail(component, "%s", problem);
    component_refresh(component);
    component->mode = component->co_simulation ? STEP : EVENT;
    return component->co_simulation ? settle(component) : STATUS_OK;
}

/* As far as `end` or the next event. */
static Status advance(Component *component, double end)
{
    double target = fmin(end, model_next_event(component->model));
    const char *problem = solver_advance(component->model, target, component->tolerance, &component->solver_step);
    return problem ? give_up(component, problem) : STATUS_OK;
}

Status component_step(Component *component, double time, double step)
{
    if (!(step >= 0))
        return component_fail(component, "a step of size %g is not possible", step);
    component_refresh(component);
    Status status = settle(component); /* inputs may have changed since the last step */
    while (status == STATUS_OK && model_time(component->model) < time + step) {
        status = advance(component, time + step);
        if (status == STATUS_OK)
            status = settle(component);
    }
    return status;
}

Status component_update(Component *component, EventOutcome *outcome)
{
    double before[MAX_STATES], behind[MAX_STATES];
    Model *model = component->model;
    component_refresh(component);
    model_get_states(model, before);
    outcome->again = model_event(model);
    if (outcome->again)
        log_event(component);
    model_get_states(model, behind);
    outcome->states_changed = memcmp(before, behind, model_state_count() * sizeof *before) != 0;
    outcome->time = model_next_event(model);
    outcome->time_defined = isfinite(outcome->time);
    return STATUS_OK;
}

double component_time(const Component *component)
{
    return model_time(component->model);
}

bool component_missed_event(Component *component)
{
    double z[MAX_INDICATORS];
    component_refresh(component);
    model_get_indicators(component->model, z);
    for (size_t i = 0; i < model_info.indicator_count; i++)
        if (z[i] < 0)
            return true;
    return false;
}

static bool right_length(Component *component, size_t count, size_t expected, const char *what)
{
    if (count == expected)
        return true;
    component_fail(component, "the model has %zu %s, not %zu", expected, what, count);
    return false;
}

size_t component_state_count(void)
{
    return model_state_count();
}

Status component_set_time(Component *component, double time)
{
    model_set_time(component->model, time);
    component->stale = true;
    return STATUS_OK;
}

Status component_set_states(Component *component, const double x[], size_t count)
{
    if (!right_length(component, count, model_state_count(), "continuous states"))
        return STATUS_ERROR;
    model_set_states(component->model, x);
    component->stale = true;
    return STATUS_OK;
}

Status component_get_states(Component *component, double x[], size_t count)
{
    if (!right_length(component, count, model_state_count(), "continuous states"))
        return STATUS_ERROR;
    model_get_states(component->model, x);
    return STATUS_OK;
}

Status component_get_derivatives(Component *component, double dx[], size_t count)
{
    if (!right_length(component, count, model_state_count(), "continuous states"))
        return STATUS_ERROR;
    component_refresh(component);
    model_get_derivatives(component->model, dx);
    return STATUS_OK;
}

Status component_get_indicators(Component *component, double z[], size_t count)
{
    if (!right_length(component, count, model_info.indicator_count, "event indicators"))
        return STATUS_ERROR;
    component_refresh(component);
    model_get_indicators(component->model, z);
    return STATUS_OK;
}

Status component_get_nominals(Component *component, double nominals[], size_t count)
{
    if (!right_length(component, count, model_state_count(), "continuous states"))
        return STATUS_ERROR;
    model_get_nominals(nominals);
    return STATUS_OK;
}
