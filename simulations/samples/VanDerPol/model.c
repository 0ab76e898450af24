/* The oscillator of Balthasar van der Pol (1926): damped while it is far out, driven while it is near zero.
 *
 *   der(x) = y
 *   der(y) = mu (1 - x^2) y - x
 */
#include "model.h"

struct Model {
    double time;
    double x, y, der_x, der_y;
    double mu;
};

static const Model START = {.x = 2, .y = 0, .mu = 1};

static const Variable VARIABLES[] = {
    REAL_VARIABLE(0, RESULT, time),
    REAL_VARIABLE(1, STATE, x),
    REAL_VARIABLE(2, STATE, y),
    REAL_VARIABLE(3, RESULT, der_x),
    REAL_VARIABLE(4, RESULT, der_y),
    REAL_VARIABLE(5, TUNABLE, mu),
};

static const ContinuousState STATES[] = {
    CONTINUOUS_STATE(x, der_x, 1),
    CONTINUOUS_STATE(y, der_y, 1),
};

static const char *check(const Model *m)
{
    return m->mu >= 0 && m->mu <= 1000 ? NULL : "the damping mu must be from 0 to 1000";
}

static void compute(Model *m)
{
    m->der_x = m->y;
    m->der_y = m->mu * (1 - m->x * m->x) * m->y - m->x;
}

const ModelInfo model_info = {
    .size = sizeof(Model),
    .start = &START,
    .variables = VARIABLES,
    .variable_count = LENGTH(VARIABLES),
    .states = STATES,
    .state_count = LENGTH(STATES),
    .check = check,
    .compute = compute,
};
