/* One wheel of a car: body, suspension, wheel and a tyre that may leave the road.
 *
 * Heights are measured from where everything rests on a flat road without payload, upwards positive.
 *
 *   (m_s + m_load) der(v_s) = F_s - m_load g          body
 *             m_u  der(v_u) = F_t - F_0 - F_s         wheel
 *   F_s = k_s (z_u - z_s) + c (v_u - v_s)             c = c_compression or c_rebound
 *   F_t = max(0, F_0 + k_t (road - z_u))              the tyre pushes and never pulls
 *   F_0 = (m_s + m_u) g                               load of the resting tyre
 *   road = z_road + the built-in profile
 */
#include "model.h"

#include <math.h>

enum { EXTERNAL = 1, BUMP = 2, KERB = 3, WASHBOARD = 4 }; /* profile */
enum { BEFORE, ON, PAST };                               /* where the wheel is */

static const double G = 9.80665;
static const double TWO_PI = 6.283185307179586;

struct Model {
    double time;
    double z_road;
    double z_s, v_s, z_u, v_u, a2_integral;
    double der_z_s, der_v_s, der_z_u, der_v_u, der_a2_integral;
    double m_s, m_u, m_load, k_s, c_compression, c_rebound, k_t;
    double speed, height, length, start_time;
    double road, travel, tyre_force, acceleration, a_rms;
    double tyre_margin; /* the tyre force if the tyre could pull, negated while the wheel is in the air */
    double begin;       /* the time when the simulation began */
    int profile;
    int where;
    bool contact;
};

static const Model START = {
    .m_s = 320,
    .m_u = 40,
    .k_s = 22000,
    .c_compression = 1100,
    .c_rebound = 2200,
    .k_t = 190000,
    .profile = BUMP,
    .speed = 30 / 3.6,
    .height = 0.08,
    .length = 1,
    .start_time = 0.5,
    .contact = true,
};

static const Variable VARIABLES[] = {
    REAL_VARIABLE(0, RESULT, time),
    REAL_VARIABLE(1, INPUT, z_road),
    REAL_VARIABLE(2, STATE, z_s),
    REAL_VARIABLE(3, STATE, v_s),
    REAL_VARIABLE(4, STATE, z_u),
    REAL_VARIABLE(5, STATE, v_u),
    REAL_VARIABLE(6, STATE, a2_integral),
    REAL_VARIABLE(7, RESULT, der_z_s),
    REAL_VARIABLE(8, RESULT, der_v_s),
    REAL_VARIABLE(9, RESULT, der_z_u),
    REAL_VARIABLE(10, RESULT, der_v_u),
    REAL_VARIABLE(11, RESULT, der_a2_integral),
    REAL_VARIABLE(12, RESULT, road),
    REAL_VARIABLE(13, RESULT, acceleration),
    REAL_VARIABLE(14, RESULT, travel),
    REAL_VARIABLE(15, RESULT, tyre_force),
    REAL_VARIABLE(16, RESULT, a_rms),
    BOOLEAN_VARIABLE(17, RESULT, contact),
    REAL_VARIABLE(18, RESULT, tyre_margin),
    ENUMERATION_VARIABLE(19, PARAMETER, profile),
    REAL_VARIABLE(20, PARAMETER, speed),
    REAL_VARIABLE(21, PARAMETER, height),
    REAL_VARIABLE(22, PARAMETER, length),
    REAL_VARIABLE(23, PARAMETER, start_time),
    REAL_VARIABLE(24, PARAMETER, m_s),
    REAL_VARIABLE(25, PARAMETER, m_u),
    REAL_VARIABLE(26, PARAMETER, m_load),
    REAL_VARIABLE(27, TUNABLE, k_s),
    REAL_VARIABLE(28, TUNABLE, c_compression),
    REAL_VARIABLE(29, TUNABLE, c_rebound),
    REAL_VARIABLE(30, PARAMETER, k_t),
};

static const ContinuousState STATES[] = {
    CONTINUOUS_STATE(z_s, der_z_s, 0.1),
    CONTINUOUS_STATE(v_s, der_v_s, 1),
    CONTINUOUS_STATE(z_u, der_z_u, 0.1),
    CONTINUOUS_STATE(v_u, der_v_u, 1),
    CONTINUOUS_STATE(a2_integral, der_a2_integral, 10),
};

static const char *check(const Model *m)
{
    if (!(m->m_s > 0 && m->m_u > 0 && m->m_load >= 0))
        return "the masses m_s and m_u must be positive and m_load must not be negative";
    if (!(m->k_s > 0 && m->k_t > 0))
        return "the stiffnesses k_s and k_t must be positive";
    if (!(m->c_compression >= 0 && m->c_rebound >= 0))
        return "the damper constants c_compression and c_rebound must not be negative";
    if (!(m->speed > 0 && m->length > 0))
        return "the speed and the length of the obstacle must be positive";
    if (m->profile < EXTERNAL || m->profile > WASHBOARD)
        return "the profile must be 1 (External), 2 (Bump), 3 (Kerb) or 4 (Washboard)";
    return NULL;
}

static void initialize(Model *m)
{
    m->begin = m->time;
}

/* The built-in road at this moment. */
static double profile_height(const Model *m)
{
    if (m->profile == EXTERNAL || m->where != ON)
        return 0;
    if (m->profile == KERB)
        return m->height;
    double distance = m->speed * (m->time - m->start_time);
    return m->height / 2 * (1 - cos(TWO_PI * distance / m->length));
}

static double tyre_pull(const Model *m)
{
    return (m->m_s + m->m_u) * G + m->k_t * (m->road - m->z_u);
}

static void compute(Model *m)
{
    double closing_speed = m->v_u - m->v_s;
    double damping = closing_speed > 0 ? m->c_compression : m->c_rebound;
    m->road = m->z_road + profile_height(m);
    m->travel = m->z_u - m->z_s;
    m->tyre_force = fmax(0, tyre_pull(m));
    m->tyre_margin = m->contact ? tyre_pull(m) : -tyre_pull(m);
    double suspension_force = m->k_s * m->travel + damping * closing_speed;
    m->acceleration = (suspension_force - m->m_load * G) / (m->m_s + m->m_load);
    m->der_z_s = m->v_s;
    m->der_v_s = m->acceleration;
    m->der_z_u = m->v_u;
    m->der_v_u = (m->tyre_force - (m->m_s + m->m_u) * G - suspension_force) / m->m_u;
    m->der_a2_integral = m->acceleration * m->acceleration;
    double elapsed = m->time - m->begin;
    m->a_rms = elapsed > 0 ? sqrt(fmax(0, m->a2_integral) / elapsed) : 0;
}

static void indicators(const Model *m, double z[])
{
    z[0] = m->tyre_margin;
}

/* The wheel reaches the obstacle at start_time; only a bump has an end. */
static double next_event(const Model *m)
{
    if (m->where == BEFORE && m->profile != EXTERNAL)
        return m->start_time;
    if (m->where == ON && m->profile == BUMP)
        return m->start_time + m->length / m->speed;
    return INFINITY;
}

static bool event(Model *m)
{
    bool moved = time_reached(m->time, next_event(m));
    bool contact = tyre_pull(m) >= 0;
    bool changed = contact != m->contact;
    m->where += moved;
    m->contact = contact;
    return moved || changed;
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
    .initialize = initialize,
    .compute = compute,
    .indicators = indicators,
    .event = event,
    .next_event = next_event,
};
