/* The contract between a model and the framework.
 *
 * Each FMU holds one model: its model.c defines `struct Model` and `model_info`, nothing else is public.
 * A Model is plain data without pointers, so copying its bytes saves the whole state.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>

enum { MAX_STATES = 16, MAX_INDICATORS = 8 };

typedef struct Model Model; /* its first member is `double time` */

typedef char Text[256];

typedef enum { REAL, INTEGER, BOOLEAN, ENUMERATION, STRING } Type;

typedef enum {
    PARAMETER, /* may be set until the simulation starts */
    TUNABLE,   /* may be set at any event or communication point */
    INPUT,
    STATE,  /* a start value; later only the solver sets it */
    RESULT, /* calculated, never set */
} Role;

typedef struct {
    unsigned reference; /* the value reference in modelDescription.xml */
    Type type;
    Role role;
    size_t offset;
    size_t count; /* 1 for a scalar, else the number of elements of the array */
} Variable;

typedef struct {
    size_t value;      /* offset of a double or an array of doubles */
    size_t derivative; /* offset of its time derivative, of the same shape */
    size_t count;
    double nominal;
} ContinuousState;

#define MEMBER(field) (((Model *)0)->field)
#define VARIABLE(reference, type, role, field, element) \
    { reference, type, role, offsetof(Model, field), sizeof MEMBER(field) / sizeof(element) }
#define REAL_VARIABLE(reference, role, field) VARIABLE(reference, REAL, role, field, double)
#define INTEGER_VARIABLE(reference, role, field) VARIABLE(reference, INTEGER, role, field, int)
#define BOOLEAN_VARIABLE(reference, role, field) VARIABLE(reference, BOOLEAN, role, field, bool)
#define ENUMERATION_VARIABLE(reference, role, field) VARIABLE(reference, ENUMERATION, role, field, int)
#define STRING_VARIABLE(reference, role, field) VARIABLE(reference, STRING, role, field, Text)
#define CONTINUOUS_STATE(field, derivative, nominal) \
    { offsetof(Model, field), offsetof(Model, derivative), sizeof MEMBER(field) / sizeof(double), nominal }
#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Functions may be NULL where a model has nothing to say. */
typedef struct {
    size_t size;
    const Model *start; /* every variable as in modelDescription.xml */
    const Variable *variables;
    size_t variable_count;
    const ContinuousState *states;
    size_t state_count;
    size_t indicator_count;

    /* What is wrong with the parameters and start values, or NULL. */
    const char *(*check)(const Model *model);

    /* Discrete states from parameters and start values; may be called again and again before the start. */
    void (*initialize)(Model *model);

    /* Derivatives and results from time, states, inputs and parameters. */
    void (*compute)(Model *model);

    /* Event indicators: an event happens where one of them turns negative. */
    void (*indicators)(const Model *model, double z[]);

    /* Update the discrete states; true if anything changed. */
    bool (*event)(Model *model);

    /* The time of the next time event, or INFINITY. */
    double (*next_event)(const Model *model);
} ModelInfo;

extern const ModelInfo model_info;

/* Whether a time event is due; importers may stop a rounding error early. */
bool time_reached(double time, double event_time);

#endif
