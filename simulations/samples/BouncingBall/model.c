/* A ball that falls, bounces and comes to rest.
 *
 *   der(h) = v
 *   der(v) = -g
 *   at h = 0, v < 0:  v := -e v;  at rest once a bounce leaves with less than v_min
 */
#include "model.h"

#include <float.h>
#include <math.h>

struct Model {
    double time;
    double h, v, der_h, der_v;
    double g, e, v_min;
    double energy;
    int bounces;
    bool resting;
};

static const Model START = {.h = 1, .v = 0, .g = 9.81, .e = 0.7, .v_min = 0.05};

static const Variable VARIABLES[] = {
    REAL_VARIABLE(0, RESULT, time),
    REAL_VARIABLE(1, STATE, h),
    REAL_VARIABLE(2, RESULT, der_h),
    REAL_VARIABLE(3, STATE, v),
    REAL_VARIABLE(4, RESULT, der_v),
    REAL_VARIABLE(5, TUNABLE, g),
    REAL_VARIABLE(6, TUNABLE, e),
    REAL_VARIABLE(7, TUNABLE, v_min),
    INTEGER_VARIABLE(8, RESULT, bounces),
    BOOLEAN_VARIABLE(9, RESULT, resting),
    REAL_VARIABLE(10, RESULT, energy),
};

static const ContinuousState STATES[] = {
    CONTINUOUS_STATE(h, der_h, 1),
    CONTINUOUS_STATE(v, der_v, 1),
};

static const char *check(const Model *m)
{
    if (!(m->h >= 0))
        return "the height h at the start must not be negative";
    if (!(m->g > 0))
        return "the gravity g must be positive";
    if (!(m->e >= 0 && m->e <= 1))
        return "the coefficient of restitution e must be from 0 to 1";
    if (!(m->v_min > 0))
        return "the speed v_min must be positive";
    return NULL;
}

static void compute(Model *m)
{
    m->der_h = m->v;
    m->der_v = m->resting ? 0 : -m->g;
    m->energy = m->g * m->h + m->v * m->v / 2;
}

static void indicators(const Model *m, double z[])
{
    z[0] = m->resting ? 1 : m->h;
}

static bool event(Model *m)
{
    if (m->resting || m->h > 0 || m->v > 0)
        return false;
    double rebound = -m->e * m->v;
    m->resting = rebound < m->v_min;
    m->bounces += m->v < 0;
    m->h = m->resting ? 0 : DBL_MIN; /* above the ground, so that the indicator starts on the right side */
    m->v = m->resting ? 0 : rebound;
    return true;
}

const ModelInfo model_info = {
    .size = sizeof(Model),
    .start = &START,
    .variables = VARIABLES,
    .variable_count = LENGTH(VARIABLES),
    .states = STATES,
    .state_count = LENGTH(STATES),
    .indicator_count = 1,
    .check = check,
    .compute = compute,
    .indicators = indicators,
    .event = event,
};
