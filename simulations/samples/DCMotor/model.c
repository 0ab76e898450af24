/* A permanent-magnet DC motor with a speed controller.
 *
 *   L der(i) = u - R i - k w                          armature
 *   J der(w) = k i - b w - tau_load                   rotor
 *   u = limit(command, -u_max, u_max)
 *   command = k w_ref                                 controller OpenLoop: the back EMF of the wanted speed
 *           = Kp (w_ref - w)                          controller P
 *           = Kp (w_ref - w) + x                      controller PI
 *   der(x) = Ki (w_ref - w) + Ki / Kp (u - command)   the last term, back-calculation, only with anti_windup
 */
#include "model.h"

#include <math.h>

enum { OPEN_LOOP = 1, P = 2, PI = 3 };

struct Model {
    double time;
    double w_ref, tau_load;
    double i, w, x, der_i, der_w, der_x;
    double u, torque, power, loss;
    double R, L, k, J, b, u_max, Kp, Ki;
    double command;
    int controller;
    bool anti_windup;
    bool saturated;
};

static const Model START = {
    .w_ref = 300,
    .R = 0.6,
    .L = 1e-3,
    .k = 0.05,
    .J = 2e-4,
    .b = 2e-5,
    .u_max = 24,
    .Kp = 0.2,
    .Ki = 4,
    .controller = PI,
    .anti_windup = true,
};

static const Variable VARIABLES[] = {
    REAL_VARIABLE(0, RESULT, time),
    REAL_VARIABLE(1, INPUT, w_ref),
    REAL_VARIABLE(2, INPUT, tau_load),
    REAL_VARIABLE(3, STATE, w),
    REAL_VARIABLE(4, STATE, i),
    REAL_VARIABLE(5, STATE, x),
    REAL_VARIABLE(6, RESULT, der_w),
    REAL_VARIABLE(7, RESULT, der_i),
    REAL_VARIABLE(8, RESULT, der_x),
    REAL_VARIABLE(9, RESULT, u),
    REAL_VARIABLE(10, RESULT, torque),
    REAL_VARIABLE(11, RESULT, power),
    REAL_VARIABLE(12, RESULT, loss),
    BOOLEAN_VARIABLE(13, RESULT, saturated),
    ENUMERATION_VARIABLE(14, TUNABLE, controller),
    BOOLEAN_VARIABLE(15, TUNABLE, anti_windup),
    REAL_VARIABLE(16, TUNABLE, Kp),
    REAL_VARIABLE(17, TUNABLE, Ki),
    REAL_VARIABLE(18, TUNABLE, u_max),
    REAL_VARIABLE(19, PARAMETER, R),
    REAL_VARIABLE(20, PARAMETER, L),
    REAL_VARIABLE(21, PARAMETER, k),
    REAL_VARIABLE(22, PARAMETER, J),
    REAL_VARIABLE(23, PARAMETER, b),
};

static const ContinuousState STATES[] = {
    CONTINUOUS_STATE(w, der_w, 100),
    CONTINUOUS_STATE(i, der_i, 1),
    CONTINUOUS_STATE(x, der_x, 10),
};

static const char *check(const Model *m)
{
    if (!(m->R > 0 && m->L > 0 && m->k > 0 && m->J > 0))
        return "the resistance R, the inductance L, the motor constant k and the inertia J must be positive";
    if (!(m->b >= 0))
        return "the friction b must not be negative";
    if (!(m->u_max > 0))
        return "the supply voltage u_max must be positive";
    if (!(m->Kp > 0 && m->Ki >= 0))
        return "the gain Kp must be positive and the gain Ki must not be negative";
    if (m->controller < OPEN_LOOP || m->controller > PI)
        return "the controller must be 1 (OpenLoop), 2 (P) or 3 (PI)";
    return NULL;
}

static void control(Model *m)
{
    double error = m->w_ref - m->w;
    m->command = m->controller == OPEN_LOOP ? m->k * m->w_ref : m->Kp * error;
    if (m->controller == PI)
        m->command += m->x;
    m->u = fmax(-m->u_max, fmin(m->u_max, m->command));
    m->der_x = m->controller == PI ? m->Ki * error : 0;
    if (m->controller == PI && m->anti_windup)
        m->der_x += m->Ki / m->Kp * (m->u - m->command);
}

static void compute(Model *m)
{
    control(m);
    m->torque = m->k * m->i;
    m->power = m->u * m->i;
    m->loss = m->R * m->i * m->i;
    m->der_i = (m->u - m->R * m->i - m->k * m->w) / m->L;
    m->der_w = (m->torque - m->b * m->w - m->tau_load) / m->J;
}

static double headroom(const Model *m)
{
    return m->u_max - fabs(m->command);
}

static void indicators(const Model *m, double z[])
{
    z[0] = m->saturated ? -headroom(m) : headroom(m);
}

static bool event(Model *m)
{
    bool saturated = headroom(m) < 0;
    bool changed = saturated != m->saturated;
    m->saturated = saturated;
    return changed;
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
