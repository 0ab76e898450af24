/* FMI 1.0 for Co-Simulation. */
#include "component.h"
#include "config.h"
#include "headers/fmi1Functions.h"

#include <string.h>

/* FMI 1.0 puts the model identifier before each name. */
#define PASTE_(a, b) a##_fmi##b
#define PASTE(a, b) PASTE_(a, b)
#define FUNCTION(name) PASTE(MODEL_IDENTIFIER, name)
#define EXPORT __attribute__((visibility("default")))

#define UNUSED(name) (void)(name)
#define REQUIRE(modes) \
    if (!component_allows(c, modes, __func__)) \
    return fmi1Error

typedef struct {
    Component component; /* first, so that both have the same address */
    fmi1CallbackFunctions callbacks;
    char name[];
} Instance;

static void log_message(Component *component, Status status, const char *category, const char *message)
{
    Instance *instance = (Instance *)component;
    if (instance->callbacks.logger)
        instance->callbacks.logger(instance, instance->name, (fmi1Status)status, category, message);
}

static fmi1Status unsupported(fmi1Component c, const char *call)
{
    return c ? (fmi1Status)component_fail(c, "%s is not supported by this FMU", call) : fmi1Error;
}

EXPORT const char *FUNCTION(GetTypesPlatform)(void)
{
    return "standard32";
}

EXPORT const char *FUNCTION(GetVersion)(void)
{
    return "1.0";
}

EXPORT fmi1Status FUNCTION(SetDebugLogging)(fmi1Component c, fmi1Boolean loggingOn)
{
    REQUIRE(ANY_MODE);
    ((Component *)c)->logging = loggingOn;
    return fmi1OK;
}

EXPORT fmi1Component FUNCTION(InstantiateSlave)(fmi1String instanceName, fmi1String fmuGUID, fmi1String fmuLocation,
                                                fmi1String mimeType, fmi1Real timeout, fmi1Boolean visible,
                                                fmi1Boolean interactive, fmi1CallbackFunctions functions,
                                                fmi1Boolean loggingOn)
{
    UNUSED(fmuLocation);
    UNUSED(mimeType);
    UNUSED(timeout);
    UNUSED(visible);
    UNUSED(interactive);
    if (!instanceName || !fmuGUID)
        return NULL;
    size_t size = sizeof(Instance) + strlen(instanceName) + 1;
    Instance *instance = (Instance *)component_create(size, log_message, true, loggingOn);
    if (!instance)
        return NULL;
    strcpy(instance->name, instanceName);
    instance->callbacks = functions;
    if (strcmp(fmuGUID, INSTANTIATION_TOKEN) != 0) {
        component_fail(&instance->component, "the GUID does not belong to this FMU");
        component_free(&instance->component);
        return NULL;
    }
    return instance;
}

EXPORT fmi1Status FUNCTION(InitializeSlave)(fmi1Component c, fmi1Real tStart, fmi1Boolean StopTimeDefined,
                                            fmi1Real tStop)
{
    UNUSED(StopTimeDefined);
    UNUSED(tStop);
    REQUIRE(INSTANTIATED);
    component_setup(c, false, 0, tStart);
    return (fmi1Status)component_start(c);
}

EXPORT fmi1Status FUNCTION(TerminateSlave)(fmi1Component c)
{
    REQUIRE(RUNNING);
    ((Component *)c)->mode = TERMINATED;
    return fmi1OK;
}

EXPORT fmi1Status FUNCTION(ResetSlave)(fmi1Component c)
{
    REQUIRE(ANY_MODE);
    return (fmi1Status)component_reset(c);
}

EXPORT void FUNCTION(FreeSlaveInstance)(fmi1Component c)
{
    component_free(c);
}

EXPORT fmi1Status FUNCTION(GetReal)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr, fmi1Real value[])
{
    REQUIRE(ANY_MODE);
    return (fmi1Status)component_get(c, REAL, vr, nvr, value, nvr);
}

EXPORT fmi1Status FUNCTION(SetReal)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr, const fmi1Real value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    return (fmi1Status)component_set(c, REAL, vr, nvr, value, nvr);
}

/* FMI 1 reads and writes enumerations as integers. */
EXPORT fmi1Status FUNCTION(GetInteger)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr, fmi1Integer value[])
{
    REQUIRE(ANY_MODE);
    return (fmi1Status)component_get_integers(c, vr, nvr, value);
}

EXPORT fmi1Status FUNCTION(SetInteger)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr,
                                       const fmi1Integer value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    return (fmi1Status)component_set_integers(c, vr, nvr, value);
}

EXPORT fmi1Status FUNCTION(GetBoolean)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr, fmi1Boolean value[])
{
    REQUIRE(ANY_MODE);
    for (size_t i = 0; i < nvr; i++) {
        bool truth;
        if (component_get(c, BOOLEAN, &vr[i], 1, &truth, 1) != STATUS_OK)
            return fmi1Error;
        value[i] = truth ? fmi1True : fmi1False;
    }
    return fmi1OK;
}

EXPORT fmi1Status FUNCTION(SetBoolean)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr,
                                       const fmi1Boolean value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    for (size_t i = 0; i < nvr; i++) {
        bool truth = value[i] != fmi1False;
        if (component_set(c, BOOLEAN, &vr[i], 1, &truth, 1) != STATUS_OK)
            return fmi1Error;
    }
    return fmi1OK;
}

EXPORT fmi1Status FUNCTION(GetString)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr, fmi1String value[])
{
    REQUIRE(ANY_MODE);
    return (fmi1Status)component_get(c, STRING, vr, nvr, value, nvr);
}

EXPORT fmi1Status FUNCTION(SetString)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr,
                                      const fmi1String value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    return (fmi1Status)component_set(c, STRING, vr, nvr, value, nvr);
}

EXPORT fmi1Status FUNCTION(SetRealInputDerivatives)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr,
                                                    const fmi1Integer order[], const fmi1Real value[])
{
    UNUSED(vr);
    UNUSED(nvr);
    UNUSED(order);
    UNUSED(value);
    return unsupported(c, __func__);
}

EXPORT fmi1Status FUNCTION(GetRealOutputDerivatives)(fmi1Component c, const fmi1ValueReference vr[], size_t nvr,
                                                     const fmi1Integer order[], fmi1Real value[])
{
    UNUSED(vr);
    UNUSED(nvr);
    UNUSED(order);
    UNUSED(value);
    return unsupported(c, __func__);
}

EXPORT fmi1Status FUNCTION(CancelStep)(fmi1Component c)
{
    return unsupported(c, __func__);
}

EXPORT fmi1Status FUNCTION(DoStep)(fmi1Component c, fmi1Real currentCommunicationPoint, fmi1Real communicationStepSize,
                                   fmi1Boolean newStep)
{
    UNUSED(newStep);
    REQUIRE(STEP);
    return (fmi1Status)component_step(c, currentCommunicationPoint, communicationStepSize);
}

EXPORT fmi1Status FUNCTION(GetStatus)(fmi1Component c, const fmi1StatusKind s, fmi1Status *value)
{
    UNUSED(s);
    UNUSED(value);
    return unsupported(c, __func__);
}

EXPORT fmi1Status FUNCTION(GetRealStatus)(fmi1Component c, const fmi1StatusKind s, fmi1Real *value)
{
    REQUIRE(ANY_MODE);
    if (s != fmi1LastSuccessfulTime)
        return fmi1Discard;
    *value = component_time(c);
    return fmi1OK;
}

EXPORT fmi1Status FUNCTION(GetIntegerStatus)(fmi1Component c, const fmi1StatusKind s, fmi1Integer *value)
{
    UNUSED(s);
    UNUSED(value);
    return unsupported(c, __func__);
}

EXPORT fmi1Status FUNCTION(GetBooleanStatus)(fmi1Component c, const fmi1StatusKind s, fmi1Boolean *value)
{
    UNUSED(s);
    UNUSED(value);
    return unsupported(c, __func__);
}

EXPORT fmi1Status FUNCTION(GetStringStatus)(fmi1Component c, const fmi1StatusKind s, fmi1String *value)
{
    UNUSED(s);
    UNUSED(value);
    return unsupported(c, __func__);
}
