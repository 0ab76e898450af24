/* Getting and setting variables by value reference. */
#include "access.h"
#include "component.h"

#include <string.h>

static size_t element_size(Type type)
{
    switch (type) {
    case REAL: return sizeof(double);
    case BOOLEAN: return sizeof(bool);
    case STRING: return sizeof(const char *);
    default: return sizeof(int);
    }
}

static const Variable *find(Component *component, Type type, unsigned reference)
{
    const Variable *variable = model_find_variable(reference);
    if (variable && variable->type == type)
        return variable;
    component_fail(component, "no variable of this type has the value reference %u", reference);
    return NULL;
}

static bool may_set(Component *component, const Variable *variable)
{
    static const int MODES[] = {
        [PARAMETER] = BEFORE_START,
        [TUNABLE] = BEFORE_START | EVENT | STEP,
        [INPUT] = BEFORE_START | RUNNING,
        [STATE] = BEFORE_START,
        [RESULT] = 0,
    };
    if (component->mode & MODES[variable->role])
        return true;
    component_fail(component, "value reference %u cannot be set now", variable->reference);
    return false;
}

/* Strings are never arrays here, so their count is one. */
static void read_value(const Component *component, const Variable *variable, void *value)
{
    const char *source = (const char *)component->model + variable->offset;
    if (variable->type == STRING)
        memcpy(value, &source, sizeof source);
    else
        memcpy(value, source, variable->count * element_size(variable->type));
}

static Status write_value(Component *component, const Variable *variable, const void *value)
{
    char *target = (char *)component->model + variable->offset;
    if (variable->type != STRING) {
        memcpy(target, value, variable->count * element_size(variable->type));
        return STATUS_OK;
    }
    const char *text;
    memcpy(&text, value, sizeof text);
    if (!text || strlen(text) >= sizeof(Text))
        return component_fail(component, "value reference %u takes a string of at most %zu bytes", variable->reference,
                              sizeof(Text) - 1);
    strncpy(target, text, sizeof(Text));
    return STATUS_OK;
}

static bool enough(Component *component, const Variable *variable, size_t left)
{
    if (variable->count <= left)
        return true;
    component_fail(component, "value reference %u has %zu values, not %zu", variable->reference, variable->count, left);
    return false;
}

static Status nothing_left(Component *component, size_t left)
{
    return left ? component_fail(component, "there are %zu values too many", left) : STATUS_OK;
}

Status component_get(Component *component, Type type, const unsigned references[], size_t count, void *values,
                     size_t value_count)
{
    char *value = values;
    component_refresh(component);
    for (size_t i = 0; i < count; i++) {
        const Variable *variable = find(component, type, references[i]);
        if (!variable || !enough(component, variable, value_count))
            return STATUS_ERROR;
        read_value(component, variable, value);
        value += variable->count * element_size(type);
        value_count -= variable->count;
    }
    return nothing_left(component, value_count);
}

Status component_set(Component *component, Type type, const unsigned references[], size_t count, const void *values,
                     size_t value_count)
{
    const char *value = values;
    component->stale = true;
    for (size_t i = 0; i < count; i++) {
        const Variable *variable = find(component, type, references[i]);
        if (!variable || !may_set(component, variable) || !enough(component, variable, value_count))
            return STATUS_ERROR;
        if (write_value(component, variable, value) != STATUS_OK)
            return STATUS_ERROR;
        value += variable->count * element_size(type);
        value_count -= variable->count;
    }
    return nothing_left(component, value_count);
}

static Type integer_type(unsigned reference)
{
    const Variable *variable = model_find_variable(reference);
    return variable && variable->type == ENUMERATION ? ENUMERATION : INTEGER;
}

Status component_get_integers(Component *component, const unsigned references[], size_t count, int values[])
{
    Status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = component_get(component, integer_type(references[i]), &references[i], 1, &values[i], 1);
    return status;
}

Status component_set_integers(Component *component, const unsigned references[], size_t count, const int values[])
{
    Status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = component_set(component, integer_type(references[i]), &references[i], 1, &values[i], 1);
    return status;
}
