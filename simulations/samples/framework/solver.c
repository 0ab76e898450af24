#include "solver.h"

#include "access.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { STAGES = 7, MAX_BISECTIONS = 100 };

/* Dormand, Prince 1980: "A family of embedded Runge-Kutta formulae". */
static const double C[STAGES] = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
static const double A[STAGES][STAGES - 1] = {
    {0},
    {1. / 5},
    {3. / 40, 9. / 40},
    {44. / 45, -56. / 15, 32. / 9},
    {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
    {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
    {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
};
static const double ERROR[STAGES] = {
    71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40,
};

/* A step from `time`; k[0] are the derivatives there. */
typedef struct {
    size_t n;
    double time;
    double x[MAX_STATES];
    double z[MAX_INDICATORS];
    double k[STAGES][MAX_STATES];
} Step;

static void begin_step(Step *step, Model *model)
{
    step->n = model_state_count();
    step->time = model_time(model);
    model_get_states(model, step->x);
    model_get_indicators(model, step->z);
    model_get_derivatives(model, step->k[0]);
}

/* Leaves the model, with everything computed, at step->time + h. */
static void take_step(Step *step, Model *model, double h)
{
    for (size_t stage = 1; stage < STAGES; stage++) {
        double x[MAX_STATES];
        for (size_t i = 0; i < step->n; i++) {
            x[i] = step->x[i];
            for (size_t j = 0; j < stage; j++)
                x[i] += h * A[stage][j] * step->k[j][i];
        }
        model_set_time(model, step->time + C[stage] * h);
        model_set_states(model, x);
        model_info.compute(model);
        model_get_derivatives(model, step->k[stage]);
    }
}

/* The error of the step just taken: at most 1 when it is good enough. */
static double step_error(const Step *step, const Model *model, double h, double tolerance)
{
    double nominal[MAX_STATES], x[MAX_STATES], largest = 0;
    model_get_nominals(nominal);
    model_get_states(model, x);
    for (size_t i = 0; i < step->n; i++) {
        double error = 0;
        for (size_t stage = 0; stage < STAGES; stage++)
            error += h * ERROR[stage] * step->k[stage][i];
        error = fabs(error) / (tolerance * (nominal[i] + fmax(fabs(step->x[i]), fabs(x[i]))));
        if (!isfinite(error))
            return INFINITY;
        largest = fmax(largest, error);
    }
    return largest;
}

static bool event_during(const Step *step, const Model *model)
{
    double z[MAX_INDICATORS];
    model_get_indicators(model, z);
    for (size_t i = 0; i < model_info.indicator_count; i++)
        if (step->z[i] >= 0 && z[i] < 0)
            return true;
    return false;
}

/* Leaves the model just behind the first event of a step of size h. */
static void locate_event(Step *step, Model *model, double h)
{
    double before = 0, behind = h;
    double resolution = 4 * DBL_EPSILON * (fabs(step->time) + h);
    for (int i = 0; i < MAX_BISECTIONS && behind - before > resolution; i++) {
        double middle = before + (behind - before) / 2;
        take_step(step, model, middle);
        if (event_during(step, model))
            behind = middle;
        else
            before = middle;
    }
    take_step(step, model, behind);
}

/* The exponent is 1/4 instead of 1/5: a little more careful, and it needs no pow(), whose newest version ties
 * a binary to a recent libm. */
static double step_factor(double error)
{
    return fmin(5, fmax(0.2, 0.9 / sqrt(sqrt(fmax(error, 1e-12)))));
}

/* One accepted step towards `end`. Returns NULL or what went wrong; *event tells whether an event cut it short. */
static const char *advance_once(Model *model, double end, double tolerance, double *next, bool *event)
{
    Step step;
    begin_step(&step, model);
    double left = end - step.time;
    double h = *next > 0 ? *next : left / 100;
    bool shortened = h > 0.999 * left; /* no crumbs */
    if (shortened)
        h = left;
    take_step(&step, model, h);
    double error = step_error(&step, model, h, tolerance);
    while (error > 1) {
        h *= step_factor(error);
        shortened = false;
        if (h <= 16 * DBL_EPSILON * fabs(step.time) || h < DBL_MIN)
            return "the solver cannot go on: a derivative is not finite or changes too fast";
        take_step(&step, model, h);
        error = step_error(&step, model, h, tolerance);
    }
    double proposed = h * step_factor(error);
    *next = shortened ? fmax(*next, proposed) : proposed;
    *event = event_during(&step, model);
    if (*event)
        locate_event(&step, model, h);
    else if (h == left)
        model_set_time(model, end);
    return NULL;
}

const char *solver_advance(Model *model, double end, double tolerance, double *step)
{
    bool event = false;
    const char *problem = NULL;
    while (!event && !problem && model_time(model) < end)
        problem = advance_once(model, end, tolerance, step, &event);
    return problem;
}
