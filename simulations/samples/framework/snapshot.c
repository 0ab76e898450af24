/* Saving and restoring everything about an instance but its logger, as a flat block of bytes. */
#include "component.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    Mode mode;
    bool stale;
    double tolerance;
    double solver_step;
} Header;

size_t snapshot_size(void)
{
    return sizeof(Header) + model_info.size;
}

static bool provide_room(void **snapshot)
{
    if (!*snapshot)
        *snapshot = malloc(snapshot_size());
    return *snapshot != NULL;
}

Status snapshot_take(const Component *component, void **snapshot)
{
    Header header;
    if (!provide_room(snapshot))
        return STATUS_ERROR;
    memset(&header, 0, sizeof header); /* padding too, so that equal states give equal bytes */
    header.mode = component->mode;
    header.stale = component->stale;
    header.tolerance = component->tolerance;
    header.solver_step = component->solver_step;
    memcpy(*snapshot, &header, sizeof header);
    memcpy((char *)*snapshot + sizeof header, component->model, model_info.size);
    return STATUS_OK;
}

Status snapshot_restore(Component *component, const void *snapshot)
{
    Header header;
    if (!snapshot)
        return component_fail(component, "there is no state to go back to");
    memcpy(&header, snapshot, sizeof header);
    component->mode = header.mode;
    component->stale = header.stale;
    component->tolerance = header.tolerance;
    component->solver_step = header.solver_step;
    memcpy(component->model, (const char *)snapshot + sizeof header, model_info.size);
    return STATUS_OK;
}

void snapshot_free(void **snapshot)
{
    if (!snapshot)
        return;
    free(*snapshot);
    *snapshot = NULL;
}

Status snapshot_write(Component *component, const void *snapshot, void *bytes, size_t size)
{
    if (!snapshot || size < snapshot_size())
        return component_fail(component, "a state needs %zu bytes, not %zu", snapshot_size(), size);
    memcpy(bytes, snapshot, snapshot_size());
    return STATUS_OK;
}

Status snapshot_read(Component *component, const void *bytes, size_t size, void **snapshot)
{
    if (size != snapshot_size())
        return component_fail(component, "a state has %zu bytes, not %zu", snapshot_size(), size);
    if (!provide_room(snapshot))
        return STATUS_ERROR;
    memcpy(*snapshot, bytes, size);
    return STATUS_OK;
}
