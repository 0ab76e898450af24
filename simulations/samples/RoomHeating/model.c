/* A room with an electric heater, a thermostat and a night setback.
 *
 *   C_room der(T_room) = P + (T_wall - T_room) / R_in + G_air (T_outside - T_room)
 *   C_wall der(T_wall) = (T_room - T_wall) / R_in + (T_outside - T_wall) / R_out
 *   G_air = G_leak, plus G_window while the window is open
 *   P = P_max while the heater is on
 *
 * The heater switches on below T_set - hysteresis / 2 and off above T_set + hysteresis / 2.
 */
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_NAME = 100 };
enum { OFF = 1, CONSTANT = 2, SCHEDULE = 3 };

static const double DAY = 86400, HOUR = 3600;
static const double CELSIUS = 273.15;

struct Model {
    double time;
    double T_outside;
    bool window_open;
    double T_room, T_wall, E_heat;
    double der_T_room, der_T_wall, der_E_heat;
    double C_room, C_wall, R_in, R_out, G_leak, G_window, P_max;
    double T_day, T_night, hysteresis, day_begins, day_ends;
    double T_set, P, loss;
    double next_change; /* of the schedule */
    int thermostat;
    bool heater_on;
    int switch_count;
    Text room;
    Text message;
};

static const Model START = {
    .T_outside = 273.15,
    .T_room = 289.15,
    .T_wall = 286.15,
    .C_room = 1e6,
    .C_wall = 8e6,
    .R_in = 0.008,
    .R_out = 0.02,
    .G_leak = 15,
    .G_window = 150,
    .P_max = 2000,
    .T_day = 294.15,
    .T_night = 290.15,
    .hysteresis = 1,
    .day_begins = 6 * 3600,
    .day_ends = 22 * 3600,
    .thermostat = SCHEDULE,
    .room = "Living room",
};

static const Variable VARIABLES[] = {
    REAL_VARIABLE(1, INPUT, T_outside),
    BOOLEAN_VARIABLE(2, INPUT, window_open),
    REAL_VARIABLE(3, STATE, T_room),
    REAL_VARIABLE(4, STATE, T_wall),
    REAL_VARIABLE(5, RESULT, P),
    REAL_VARIABLE(6, STATE, E_heat),
    REAL_VARIABLE(7, RESULT, loss),
    REAL_VARIABLE(8, RESULT, T_set),
    BOOLEAN_VARIABLE(9, RESULT, heater_on),
    INTEGER_VARIABLE(10, RESULT, switch_count),
    STRING_VARIABLE(11, RESULT, message),
    ENUMERATION_VARIABLE(12, PARAMETER, thermostat),
    REAL_VARIABLE(13, PARAMETER, T_day),
    REAL_VARIABLE(14, PARAMETER, T_night),
    REAL_VARIABLE(15, PARAMETER, hysteresis),
    REAL_VARIABLE(16, PARAMETER, day_begins),
    REAL_VARIABLE(17, PARAMETER, day_ends),
    REAL_VARIABLE(18, PARAMETER, P_max),
    REAL_VARIABLE(19, PARAMETER, C_room),
    REAL_VARIABLE(20, PARAMETER, C_wall),
    REAL_VARIABLE(21, PARAMETER, R_in),
    REAL_VARIABLE(22, PARAMETER, R_out),
    REAL_VARIABLE(23, PARAMETER, G_leak),
    REAL_VARIABLE(24, PARAMETER, G_window),
    STRING_VARIABLE(25, PARAMETER, room),
};

static const ContinuousState STATES[] = {
    CONTINUOUS_STATE(T_room, der_T_room, 300),
    CONTINUOUS_STATE(T_wall, der_T_wall, 300),
    CONTINUOUS_STATE(E_heat, der_E_heat, 1e7),
};

static const char *check(const Model *m)
{
    if (!(m->C_room > 0 && m->C_wall > 0))
        return "the heat capacities C_room and C_wall must be positive";
    if (!(m->R_in > 0 && m->R_out > 0))
        return "the thermal resistances R_in and R_out must be positive";
    if (!(m->G_leak >= 0 && m->G_window >= 0))
        return "the conductances G_leak and G_window must not be negative";
    if (!(m->P_max >= 0))
        return "the heating power P_max must not be negative";
    if (!(m->hysteresis >= 0.01))
        return "the hysteresis must be at least 0.01 K";
    if (!(m->day_begins >= 0 && m->day_begins < m->day_ends && m->day_ends <= DAY))
        return "day_begins and day_ends must be times of day in this order, from 0 to 86400 s";
    if (m->thermostat < OFF || m->thermostat > SCHEDULE)
        return "the thermostat must be 1 (Off), 2 (Constant) or 3 (Schedule)";
    if (strlen(m->room) > MAX_NAME)
        return "the name of the room must have at most 100 bytes";
    return NULL;
}

/* Sets the wanted temperature and when it changes next. */
static void read_schedule(Model *m)
{
    double midnight = DAY * floor((m->time + 1e-6) / DAY); /* a rounding error before midnight is midnight */
    double begin = midnight + m->day_begins, end = midnight + m->day_ends;
    bool day = time_reached(m->time, begin) && !time_reached(m->time, end);
    m->T_set = day || m->thermostat != SCHEDULE ? m->T_day : m->T_night;
    m->next_change = day ? end : time_reached(m->time, begin) ? begin + DAY : begin;
    if (m->thermostat != SCHEDULE)
        m->next_change = INFINITY;
}

static void report(Model *m)
{
    snprintf(m->message, sizeof m->message, "%.*s: heater %s after %.2f h at %.2f degC", MAX_NAME, m->room,
             m->heater_on ? "on" : "off", m->time / HOUR, m->T_room - CELSIUS);
}

static void initialize(Model *m)
{
    read_schedule(m);
    m->heater_on = m->thermostat != OFF && m->T_room < m->T_set;
    report(m);
}

static void compute(Model *m)
{
    double G_air = m->G_leak + (m->window_open ? m->G_window : 0);
    double to_wall = (m->T_room - m->T_wall) / m->R_in;
    double through_wall = (m->T_wall - m->T_outside) / m->R_out;
    double air_loss = G_air * (m->T_room - m->T_outside);
    m->P = m->heater_on ? m->P_max : 0;
    m->loss = through_wall + air_loss;
    m->der_T_room = (m->P - to_wall - air_loss) / m->C_room;
    m->der_T_wall = (to_wall - through_wall) / m->C_wall;
    m->der_E_heat = m->P;
}

/* How far the room is from the next switch of the heater. */
static double margin(const Model *m)
{
    if (m->thermostat == OFF)
        return 1;
    return m->hysteresis / 2 + (m->heater_on ? m->T_set - m->T_room : m->T_room - m->T_set);
}

static void indicators(const Model *m, double z[])
{
    z[0] = margin(m);
}

static bool event(Model *m)
{
    bool new_period = time_reached(m->time, m->next_change);
    if (new_period)
        read_schedule(m);
    bool switched = margin(m) <= 0;
    if (switched) {
        m->heater_on = !m->heater_on;
        m->switch_count++;
        report(m);
    }
    return new_period || switched;
}

static double next_event(const Model *m)
{
    return m->next_change;
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
