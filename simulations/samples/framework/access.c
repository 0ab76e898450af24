#include "access.h"

#include <math.h>
#include <string.h>

double model_time(const Model *model)
{
    return *(const double *)model;
}

void model_set_time(Model *model, double time)
{
    *(double *)model = time;
}

size_t model_state_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < model_info.state_count; i++)
        count += model_info.states[i].count;
    return count;
}

void model_get_states(const Model *model, double x[])
{
    for (size_t i = 0; i < model_info.state_count; i++) {
        const ContinuousState *state = &model_info.states[i];
        memcpy(x, (const char *)model + state->value, state->count * sizeof *x);
        x += state->count;
    }
}

void model_set_states(Model *model, const double x[])
{
    for (size_t i = 0; i < model_info.state_count; i++) {
        const ContinuousState *state = &model_info.states[i];
        memcpy((char *)model + state->value, x, state->count * sizeof *x);
        x += state->count;
    }
}

void model_get_derivatives(const Model *model, double dx[])
{
    for (size_t i = 0; i < model_info.state_count; i++) {
        const ContinuousState *state = &model_info.states[i];
        memcpy(dx, (const char *)model + state->derivative, state->count * sizeof *dx);
        dx += state->count;
    }
}

void model_get_nominals(double nominals[])
{
    for (size_t i = 0; i < model_info.state_count; i++)
        for (size_t j = 0; j < model_info.states[i].count; j++)
            *nominals++ = model_info.states[i].nominal;
}

void model_get_indicators(const Model *model, double z[])
{
    if (model_info.indicators)
        model_info.indicators(model, z);
}

double model_next_event(const Model *model)
{
    return model_info.next_event ? model_info.next_event(model) : INFINITY;
}

bool time_reached(double time, double event_time)
{
    return time >= event_time - 1e-9 * fmax(1, fabs(event_time));
}

bool model_event(Model *model)
{
    bool changed = model_info.event && model_info.event(model);
    model_info.compute(model);
    return changed;
}

const Variable *model_find_variable(unsigned reference)
{
    for (size_t i = 0; i < model_info.variable_count; i++)
        if (model_info.variables[i].reference == reference)
            return &model_info.variables[i];
    return NULL;
}
