/* FMI 2.0 for Co-Simulation and Model Exchange. */
#include "component.h"
#include "config.h"
#include "headers/fmi2Functions.h"

#include <string.h>

#define UNUSED(name) (void)(name)
#define REQUIRE(modes) \
    if (!component_allows(c, modes, __func__)) \
    return fmi2Error

typedef struct {
    Component component; /* first, so that both have the same address */
    fmi2CallbackFunctions callbacks;
    char name[];
} Instance;

static void log_message(Component *component, Status status, const char *category, const char *message)
{
    const Instance *instance = (const Instance *)component;
    if (instance->callbacks.logger)
        instance->callbacks.logger(instance->callbacks.componentEnvironment, instance->name, (fmi2Status)status,
                                   category, message);
}

static fmi2Status unsupported(fmi2Component c, const char *call)
{
    return c ? (fmi2Status)component_fail(c, "%s is not supported by this FMU", call) : fmi2Error;
}

const char *fmi2GetTypesPlatform(void)
{
    return fmi2TypesPlatform;
}

const char *fmi2GetVersion(void)
{
    return fmi2Version;
}

fmi2Status fmi2SetDebugLogging(fmi2Component c, fmi2Boolean loggingOn, size_t nCategories,
                               const fmi2String categories[])
{
    UNUSED(nCategories);
    UNUSED(categories);
    REQUIRE(ANY_MODE);
    ((Component *)c)->logging = loggingOn;
    return fmi2OK;
}

fmi2Component fmi2Instantiate(fmi2String instanceName, fmi2Type fmuType, fmi2String fmuGUID,
                              fmi2String fmuResourceLocation, const fmi2CallbackFunctions *functions,
                              fmi2Boolean visible, fmi2Boolean loggingOn)
{
    UNUSED(fmuResourceLocation);
    UNUSED(visible);
    if (!instanceName || !functions || !fmuGUID)
        return NULL;
    size_t size = sizeof(Instance) + strlen(instanceName) + 1;
    Instance *instance = (Instance *)component_create(size, log_message, fmuType == fmi2CoSimulation, loggingOn);
    if (!instance)
        return NULL;
    strcpy(instance->name, instanceName);
    instance->callbacks = *functions;
    if (strcmp(fmuGUID, INSTANTIATION_TOKEN) != 0) {
        component_fail(&instance->component, "the GUID does not belong to this FMU");
        component_free(&instance->component);
        return NULL;
    }
    return instance;
}

void fmi2FreeInstance(fmi2Component c)
{
    component_free(c);
}

fmi2Status fmi2SetupExperiment(fmi2Component c, fmi2Boolean toleranceDefined, fmi2Real tolerance, fmi2Real startTime,
                               fmi2Boolean stopTimeDefined, fmi2Real stopTime)
{
    UNUSED(stopTimeDefined);
    UNUSED(stopTime);
    REQUIRE(INSTANTIATED);
    return (fmi2Status)component_setup(c, toleranceDefined, tolerance, startTime);
}

fmi2Status fmi2EnterInitializationMode(fmi2Component c)
{
    REQUIRE(INSTANTIATED);
    ((Component *)c)->mode = INITIALIZATION;
    return fmi2OK;
}

fmi2Status fmi2ExitInitializationMode(fmi2Component c)
{
    REQUIRE(INITIALIZATION);
    return (fmi2Status)component_start(c);
}

fmi2Status fmi2Terminate(fmi2Component c)
{
    REQUIRE(RUNNING);
    ((Component *)c)->mode = TERMINATED;
    return fmi2OK;
}

fmi2Status fmi2Reset(fmi2Component c)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_reset(c);
}

fmi2Status fmi2GetReal(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, fmi2Real value[])
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_get(c, REAL, vr, nvr, value, nvr);
}

fmi2Status fmi2SetReal(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, const fmi2Real value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    return (fmi2Status)component_set(c, REAL, vr, nvr, value, nvr);
}

/* FMI 2 reads and writes enumerations as integers. */
fmi2Status fmi2GetInteger(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, fmi2Integer value[])
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_get_integers(c, vr, nvr, value);
}

fmi2Status fmi2SetInteger(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, const fmi2Integer value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    return (fmi2Status)component_set_integers(c, vr, nvr, value);
}

fmi2Status fmi2GetBoolean(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, fmi2Boolean value[])
{
    REQUIRE(ANY_MODE);
    for (size_t i = 0; i < nvr; i++) {
        bool truth;
        if (component_get(c, BOOLEAN, &vr[i], 1, &truth, 1) != STATUS_OK)
            return fmi2Error;
        value[i] = truth ? fmi2True : fmi2False;
    }
    return fmi2OK;
}

fmi2Status fmi2SetBoolean(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, const fmi2Boolean value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    for (size_t i = 0; i < nvr; i++) {
        bool truth = value[i] != fmi2False;
        if (component_set(c, BOOLEAN, &vr[i], 1, &truth, 1) != STATUS_OK)
            return fmi2Error;
    }
    return fmi2OK;
}

fmi2Status fmi2GetString(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, fmi2String value[])
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_get(c, STRING, vr, nvr, value, nvr);
}

fmi2Status fmi2SetString(fmi2Component c, const fmi2ValueReference vr[], size_t nvr, const fmi2String value[])
{
    REQUIRE(BEFORE_START | RUNNING);
    return (fmi2Status)component_set(c, STRING, vr, nvr, value, nvr);
}

fmi2Status fmi2GetFMUstate(fmi2Component c, fmi2FMUstate *state)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)snapshot_take(c, state);
}

fmi2Status fmi2SetFMUstate(fmi2Component c, fmi2FMUstate state)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)snapshot_restore(c, state);
}

fmi2Status fmi2FreeFMUstate(fmi2Component c, fmi2FMUstate *state)
{
    UNUSED(c);
    snapshot_free(state);
    return fmi2OK;
}

fmi2Status fmi2SerializedFMUstateSize(fmi2Component c, fmi2FMUstate state, size_t *size)
{
    UNUSED(c);
    UNUSED(state);
    *size = snapshot_size();
    return fmi2OK;
}

fmi2Status fmi2SerializeFMUstate(fmi2Component c, fmi2FMUstate state, fmi2Byte bytes[], size_t size)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)snapshot_write(c, state, bytes, size);
}

fmi2Status fmi2DeSerializeFMUstate(fmi2Component c, const fmi2Byte bytes[], size_t size, fmi2FMUstate *state)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)snapshot_read(c, bytes, size, state);
}

fmi2Status fmi2GetDirectionalDerivative(fmi2Component c, const fmi2ValueReference unknowns[], size_t nUnknowns,
                                        const fmi2ValueReference knowns[], size_t nKnowns, const fmi2Real seed[],
                                        fmi2Real sensitivity[])
{
    UNUSED(unknowns);
    UNUSED(nUnknowns);
    UNUSED(knowns);
    UNUSED(nKnowns);
    UNUSED(seed);
    UNUSED(sensitivity);
    return unsupported(c, __func__);
}

/* Model Exchange */

fmi2Status fmi2EnterEventMode(fmi2Component c)
{
    REQUIRE(EVENT | CONTINUOUS_TIME);
    ((Component *)c)->mode = EVENT;
    return fmi2OK;
}

fmi2Status fmi2NewDiscreteStates(fmi2Component c, fmi2EventInfo *info)
{
    EventOutcome outcome;
    REQUIRE(EVENT);
    Status status = component_update(c, &outcome);
    info->newDiscreteStatesNeeded = outcome.again;
    info->terminateSimulation = fmi2False;
    info->nominalsOfContinuousStatesChanged = fmi2False;
    info->valuesOfContinuousStatesChanged = outcome.states_changed;
    info->nextEventTimeDefined = outcome.time_defined;
    info->nextEventTime = outcome.time;
    return (fmi2Status)status;
}

fmi2Status fmi2EnterContinuousTimeMode(fmi2Component c)
{
    REQUIRE(EVENT);
    ((Component *)c)->mode = CONTINUOUS_TIME;
    return fmi2OK;
}

fmi2Status fmi2CompletedIntegratorStep(fmi2Component c, fmi2Boolean noSetFMUStatePriorToCurrentPoint,
                                       fmi2Boolean *enterEventMode, fmi2Boolean *terminateSimulation)
{
    UNUSED(noSetFMUStatePriorToCurrentPoint);
    REQUIRE(CONTINUOUS_TIME);
    *enterEventMode = component_missed_event(c);
    *terminateSimulation = fmi2False;
    return fmi2OK;
}

fmi2Status fmi2SetTime(fmi2Component c, fmi2Real time)
{
    REQUIRE(EVENT | CONTINUOUS_TIME);
    return (fmi2Status)component_set_time(c, time);
}

fmi2Status fmi2SetContinuousStates(fmi2Component c, const fmi2Real x[], size_t nx)
{
    REQUIRE(CONTINUOUS_TIME);
    return (fmi2Status)component_set_states(c, x, nx);
}

fmi2Status fmi2GetDerivatives(fmi2Component c, fmi2Real derivatives[], size_t nx)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_get_derivatives(c, derivatives, nx);
}

fmi2Status fmi2GetEventIndicators(fmi2Component c, fmi2Real eventIndicators[], size_t ni)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_get_indicators(c, eventIndicators, ni);
}

fmi2Status fmi2GetContinuousStates(fmi2Component c, fmi2Real x[], size_t nx)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_get_states(c, x, nx);
}

fmi2Status fmi2GetNominalsOfContinuousStates(fmi2Component c, fmi2Real x_nominal[], size_t nx)
{
    REQUIRE(ANY_MODE);
    return (fmi2Status)component_get_nominals(c, x_nominal, nx);
}

/* Co-Simulation */

fmi2Status fmi2DoStep(fmi2Component c, fmi2Real currentCommunicationPoint, fmi2Real communicationStepSize,
                      fmi2Boolean noSetFMUStatePriorToCurrentPoint)
{
    UNUSED(noSetFMUStatePriorToCurrentPoint);
    REQUIRE(STEP);
    return (fmi2Status)component_step(c, currentCommunicationPoint, communicationStepSize);
}

fmi2Status fmi2CancelStep(fmi2Component c)
{
    return unsupported(c, __func__);
}

fmi2Status fmi2SetRealInputDerivatives(fmi2Component c, const fmi2ValueReference vr[], size_t nvr,
                                       const fmi2Integer order[], const fmi2Real value[])
{
    UNUSED(vr);
    UNUSED(nvr);
    UNUSED(order);
    UNUSED(value);
    return unsupported(c, __func__);
}

fmi2Status fmi2GetRealOutputDerivatives(fmi2Component c, const fmi2ValueReference vr[], size_t nvr,
                                        const fmi2Integer order[], fmi2Real value[])
{
    UNUSED(vr);
    UNUSED(nvr);
    UNUSED(order);
    UNUSED(value);
    return unsupported(c, __func__);
}

fmi2Status fmi2GetStatus(fmi2Component c, const fmi2StatusKind kind, fmi2Status *value)
{
    UNUSED(kind);
    UNUSED(value);
    return unsupported(c, __func__);
}

fmi2Status fmi2GetRealStatus(fmi2Component c, const fmi2StatusKind kind, fmi2Real *value)
{
    REQUIRE(ANY_MODE);
    if (kind != fmi2LastSuccessfulTime)
        return fmi2Discard;
    *value = component_time(c);
    return fmi2OK;
}

fmi2Status fmi2GetIntegerStatus(fmi2Component c, const fmi2StatusKind kind, fmi2Integer *value)
{
    UNUSED(kind);
    UNUSED(value);
    return unsupported(c, __func__);
}

fmi2Status fmi2GetBooleanStatus(fmi2Component c, const fmi2StatusKind kind, fmi2Boolean *value)
{
    REQUIRE(ANY_MODE);
    if (kind != fmi2Terminated)
        return fmi2Discard;
    *value = fmi2False;
    return fmi2OK;
}

fmi2Status fmi2GetStringStatus(fmi2Component c, const fmi2StatusKind kind, fmi2String *value)
{
    UNUSED(kind);
    UNUSED(value);
    return unsupported(c, __func__);
}
