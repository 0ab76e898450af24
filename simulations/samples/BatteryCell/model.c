/* A cylindrical lithium-ion cell: charge, voltage, temperatures from core to surface, and a protection circuit.
 *
 *   der(soc) = -i / capacity
 *   der(U1)  = (i - U1 / R1) / C1                               slow polarisation
 *   voltage  = OCV(soc) - R0(T, soc) resistance_factor i - U1
 *   heat     = R0 resistance_factor i^2 + U1^2 / R1
 *
 * N shells of equal thickness, each with one temperature; heat arises evenly in the volume, flows to the neighbours
 * by conduction and leaves the outermost shell by convection:
 *   m_j c der(T[j]) = heat v_j + G_(j-1) (T[j-1] - T[j]) - G_j (T[j] - T[j+1]),   G_N = h A,   T[N+1] = T_ambient
 *
 * The current i is the wanted current unless the protection forbids it.
 */
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_NAME = 100, N = 5, OCV_POINTS = 11, R0_POINTS = 3 };
enum { NORMAL = 1, EMPTY = 2, FULL = 3, HOT = 4 };

static const double R0_TEMPERATURES[R0_POINTS] = {273.15, 298.15, 323.15};
static const double R0_CHARGES[R0_POINTS] = {0, 0.5, 1};
static const double PI = 3.141592653589793;
static const double COOL_DOWN = 5; /* K below T_max before a hot cell works again */

struct Model {
    double time;
    double current, T_ambient;
    double soc, U1, T[N];
    double der_soc, der_U1, der_T[N];
    double capacity, R1, C1, resistance_factor;
    double OCV[OCV_POINTS];
    double R0[R0_POINTS][R0_POINTS]; /* rows: temperature, columns: state of charge */
    double U_min, U_max, T_max;
    double mass, specific_heat, conductivity, radius, height, h;
    double i, open_circuit_voltage, voltage, power, heat, T_core, T_surface;
    double margin[3]; /* of the voltage, of the temperature, of the direction of the current */
    int status;
    int trips;
    bool protection;
    bool connected;
    Text cell_id;
    Text message;
};

static const Model START = {
    .current = 5,
    .T_ambient = 298.15,
    .soc = 1,
    .T = {298.15, 298.15, 298.15, 298.15, 298.15},
    .capacity = 18000,
    .R1 = 0.012,
    .C1 = 3000,
    .resistance_factor = 1,
    .OCV = {2.8, 3.45, 3.55, 3.61, 3.65, 3.71, 3.8, 3.9, 4.0, 4.08, 4.18},
    .R0 = {{0.06, 0.045, 0.042}, {0.03, 0.02, 0.019}, {0.02, 0.014, 0.013}},
    .U_min = 2.7,
    .U_max = 4.2,
    .T_max = 333.15,
    .mass = 0.07,
    .specific_heat = 1000,
    .conductivity = 1,
    .radius = 0.0105,
    .height = 0.07,
    .h = 10,
    .status = NORMAL,
    .protection = true,
    .connected = true,
    .cell_id = "CELL-0001",
};

static const Variable VARIABLES[] = {
    REAL_VARIABLE(0, RESULT, time),
    REAL_VARIABLE(1, INPUT, current),
    REAL_VARIABLE(2, INPUT, T_ambient),
    REAL_VARIABLE(3, STATE, soc),
    REAL_VARIABLE(4, STATE, U1),
    REAL_VARIABLE(5, STATE, T),
    REAL_VARIABLE(6, RESULT, der_soc),
    REAL_VARIABLE(7, RESULT, der_U1),
    REAL_VARIABLE(8, RESULT, der_T),
    REAL_VARIABLE(9, RESULT, voltage),
    REAL_VARIABLE(10, RESULT, open_circuit_voltage),
    REAL_VARIABLE(11, RESULT, i),
    REAL_VARIABLE(12, RESULT, power),
    REAL_VARIABLE(13, RESULT, heat),
    REAL_VARIABLE(14, RESULT, T_core),
    REAL_VARIABLE(15, RESULT, T_surface),
    ENUMERATION_VARIABLE(16, RESULT, status),
    BOOLEAN_VARIABLE(17, RESULT, connected),
    INTEGER_VARIABLE(18, RESULT, trips),
    STRING_VARIABLE(19, RESULT, message),
    REAL_VARIABLE(20, RESULT, margin),
    REAL_VARIABLE(21, PARAMETER, capacity),
    REAL_VARIABLE(22, PARAMETER, OCV),
    REAL_VARIABLE(23, PARAMETER, R0),
    REAL_VARIABLE(24, PARAMETER, R1),
    REAL_VARIABLE(25, PARAMETER, C1),
    REAL_VARIABLE(26, PARAMETER, resistance_factor),
    BOOLEAN_VARIABLE(27, PARAMETER, protection),
    REAL_VARIABLE(28, PARAMETER, U_min),
    REAL_VARIABLE(29, PARAMETER, U_max),
    REAL_VARIABLE(30, PARAMETER, T_max),
    REAL_VARIABLE(31, PARAMETER, mass),
    REAL_VARIABLE(32, PARAMETER, specific_heat),
    REAL_VARIABLE(33, PARAMETER, conductivity),
    REAL_VARIABLE(34, PARAMETER, radius),
    REAL_VARIABLE(35, PARAMETER, height),
    REAL_VARIABLE(36, TUNABLE, h),
    STRING_VARIABLE(37, PARAMETER, cell_id),
};

static const ContinuousState STATES[] = {
    CONTINUOUS_STATE(soc, der_soc, 1),
    CONTINUOUS_STATE(U1, der_U1, 0.1),
    CONTINUOUS_STATE(T, der_T, 300),
};

static bool all_positive(const double values[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(values[i] > 0))
            return false;
    return true;
}

static const char *check(const Model *m)
{
    if (!(m->capacity > 0 && m->R1 > 0 && m->C1 > 0 && m->resistance_factor > 0))
        return "capacity, R1, C1 and resistance_factor must be positive";
    if (!all_positive(m->OCV, OCV_POINTS) || !all_positive(&m->R0[0][0], R0_POINTS * R0_POINTS))
        return "all open-circuit voltages OCV and resistances R0 must be positive";
    if (!(m->soc >= 0 && m->soc <= 1))
        return "the state of charge soc at the start must be from 0 to 1";
    if (!(m->mass > 0 && m->specific_heat > 0 && m->conductivity > 0 && m->radius > 0 && m->height > 0))
        return "mass, specific_heat, conductivity, radius and height must be positive";
    if (!(m->h >= 0))
        return "the heat transfer coefficient h must not be negative";
    if (!(m->U_min < m->U_max))
        return "U_min must be below U_max";
    if (strlen(m->cell_id) > MAX_NAME)
        return "the cell_id must have at most 100 bytes";
    return NULL;
}

/* Where x lies in the grid: between the points *index and *index + 1, at a fraction that goes on beyond the ends. */
static double place(double x, const double grid[], int points, int *index)
{
    *index = 0;
    while (*index < points - 2 && x > grid[*index + 1])
        ++*index;
    return (x - grid[*index]) / (grid[*index + 1] - grid[*index]);
}

static double open_circuit_voltage(const Model *m)
{
    int last = OCV_POINTS - 2;
    int j = (int)fmax(0, fmin(last, floor(m->soc * (OCV_POINTS - 1))));
    double fraction = m->soc * (OCV_POINTS - 1) - j;
    return m->OCV[j] + fraction * (m->OCV[j + 1] - m->OCV[j]);
}

static double clamp(double x)
{
    return fmax(0, fmin(1, x));
}

/* Bilinear in the table R0, constant beyond its edges. */
static double series_resistance(const Model *m, double temperature)
{
    int row, column;
    double y = clamp(place(temperature, R0_TEMPERATURES, R0_POINTS, &row));
    double x = clamp(place(m->soc, R0_CHARGES, R0_POINTS, &column));
    double cold = (1 - x) * m->R0[row][column] + x * m->R0[row][column + 1];
    double warm = (1 - x) * m->R0[row + 1][column] + x * m->R0[row + 1][column + 1];
    return m->resistance_factor * ((1 - y) * cold + y * warm);
}

/* Volume-weighted, with shells of equal thickness: 1, 3, 5, ... of N^2 parts. */
static double mean_temperature(const Model *m)
{
    double sum = 0;
    for (int j = 0; j < N; j++)
        sum += (2 * j + 1) * m->T[j];
    return sum / (N * N);
}

static void conduct_heat(Model *m)
{
    double heat_capacity = m->mass * m->specific_heat;
    double inflow = 0; /* from the inner neighbour */
    for (int j = 0; j < N; j++) {
        /* Between two shells the area is 2 pi r height at r = (j + 1) radius / N, the distance radius / N. */
        double outflow = j < N - 1 ? 2 * PI * (j + 1) * m->height * m->conductivity * (m->T[j] - m->T[j + 1])
                                   : 2 * PI * m->radius * m->height * m->h * (m->T[j] - m->T_ambient);
        double share = (2 * j + 1) / (double)(N * N);
        m->der_T[j] = (m->heat * share + inflow - outflow) / (heat_capacity * share);
        inflow = outflow;
    }
}

static bool may_flow(const Model *m)
{
    switch (m->status) {
    case EMPTY: return m->current < 0;
    case FULL: return m->current > 0;
    case HOT: return false;
    default: return true;
    }
}

/* Each margin turns negative where the protection must act. */
static void compute_margins(Model *m)
{
    double to_limit = m->current > 0 ? m->voltage - m->U_min : m->U_max - m->voltage;
    m->margin[0] = m->protection && m->status == NORMAL && m->current != 0 ? to_limit : 1;
    m->margin[1] = !m->protection ? 1 : m->status == HOT ? m->T_core - (m->T_max - COOL_DOWN) : m->T_max - m->T_core;
    m->margin[2] = m->status == EMPTY ? m->current : m->status == FULL ? -m->current : 1;
}

static void compute(Model *m)
{
    double R0 = series_resistance(m, mean_temperature(m));
    m->connected = may_flow(m);
    m->i = m->connected ? m->current : 0;
    m->open_circuit_voltage = open_circuit_voltage(m);
    m->voltage = m->open_circuit_voltage - R0 * m->i - m->U1;
    m->power = m->voltage * m->i;
    m->heat = R0 * m->i * m->i + m->U1 * m->U1 / m->R1;
    m->T_core = m->T[0];
    m->T_surface = m->T[N - 1];
    m->der_soc = -m->i / m->capacity;
    m->der_U1 = (m->i - m->U1 / m->R1) / m->C1;
    conduct_heat(m);
    compute_margins(m);
}

static void indicators(const Model *m, double z[])
{
    for (size_t j = 0; j < LENGTH(m->margin); j++)
        z[j] = m->margin[j];
}

static int next_status(const Model *m)
{
    if (m->margin[1] < 0)
        return m->status == HOT ? NORMAL : HOT;
    if (m->margin[0] < 0)
        return m->current > 0 ? EMPTY : FULL;
    return m->margin[2] < 0 ? NORMAL : m->status;
}

static void report(Model *m)
{
    static const char *const TEXT[] = {
        [NORMAL] = "connected again",
        [EMPTY] = "discharge stopped, voltage at U_min",
        [FULL] = "charge stopped, voltage at U_max",
        [HOT] = "stopped, core too hot",
    };
    snprintf(m->message, sizeof m->message, "%.*s: %s at %.1f s", MAX_NAME, m->cell_id, TEXT[m->status], m->time);
}

static bool event(Model *m)
{
    int status = next_status(m);
    if (status == m->status)
        return false;
    m->status = status;
    m->trips += status != NORMAL;
    report(m);
    return true;
}

static void initialize(Model *m)
{
    snprintf(m->message, sizeof m->message, "%.*s: connected", MAX_NAME, m->cell_id);
}

const ModelInfo model_info = {
    .size = sizeof(Model),
    .start = &START,
    .variables = VARIABLES,
    .variable_count = LENGTH(VARIABLES),
    .states = STATES,
    .state_count = LENGTH(STATES),
    .indicator_count = 3,
    .check = check,
    .initialize = initialize,
    .compute = compute,
    .indicators = indicators,
    .event = event,
};
