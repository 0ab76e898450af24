/* FMI 3.0 for Co-Simulation and Model Exchange; fmi3_unsupported.c has what these FMUs do without. */
#include "component.h"
#include "config.h"
#include "headers/fmi3Functions.h"

#include <string.h>

#define UNUSED(name) (void)(name)
#define REQUIRE(modes) \
    if (!component_allows(instance, modes, __func__)) \
    return fmi3Error

typedef struct {
    Component component; /* first, so that both have the same address */
    fmi3InstanceEnvironment environment;
    fmi3LogMessageCallback log;
} Instance;

static void log_message(Component *component, Status status, const char *category, const char *message)
{
    const Instance *instance = (const Instance *)component;
    if (instance->log)
        instance->log(instance->environment, (fmi3Status)status, category, message);
}

static fmi3Instance instantiate(const char *token, bool co_simulation, bool logging,
                                fmi3InstanceEnvironment environment, fmi3LogMessageCallback log)
{
    Instance *instance = (Instance *)component_create(sizeof(Instance), log_message, co_simulation, logging);
    if (!instance)
        return NULL;
    instance->environment = environment;
    instance->log = log;
    if (!token || strcmp(token, INSTANTIATION_TOKEN) != 0) {
        component_fail(&instance->component, "the instantiation token does not belong to this FMU");
        component_free(&instance->component);
        return NULL;
    }
    return instance;
}

const char *fmi3GetVersion(void)
{
    return fmi3Version;
}

fmi3Status fmi3SetDebugLogging(fmi3Instance instance, fmi3Boolean loggingOn, size_t nCategories,
                               const fmi3String categories[])
{
    UNUSED(nCategories);
    UNUSED(categories);
    REQUIRE(ANY_MODE);
    ((Component *)instance)->logging = loggingOn;
    return fmi3OK;
}

fmi3Instance fmi3InstantiateModelExchange(fmi3String instanceName, fmi3String instantiationToken,
                                          fmi3String resourcePath, fmi3Boolean visible, fmi3Boolean loggingOn,
                                          fmi3InstanceEnvironment instanceEnvironment,
                                          fmi3LogMessageCallback logMessage)
{
    UNUSED(instanceName);
    UNUSED(resourcePath);
    UNUSED(visible);
    return instantiate(instantiationToken, false, loggingOn, instanceEnvironment, logMessage);
}

fmi3Instance fmi3InstantiateCoSimulation(fmi3String instanceName, fmi3String instantiationToken,
                                         fmi3String resourcePath, fmi3Boolean visible, fmi3Boolean loggingOn,
                                         fmi3Boolean eventModeUsed, fmi3Boolean earlyReturnAllowed,
                                         const fmi3ValueReference requiredIntermediateVariables[],
                                         size_t nRequiredIntermediateVariables,
                                         fmi3InstanceEnvironment instanceEnvironment,
                                         fmi3LogMessageCallback logMessage,
                                         fmi3IntermediateUpdateCallback intermediateUpdate)
{
    UNUSED(instanceName);
    UNUSED(resourcePath);
    UNUSED(visible);
    UNUSED(earlyReturnAllowed);
    UNUSED(requiredIntermediateVariables);
    UNUSED(nRequiredIntermediateVariables);
    UNUSED(intermediateUpdate);
    if (eventModeUsed) /* modelDescription.xml says that there is none */
        return NULL;
    return instantiate(instantiationToken, true, loggingOn, instanceEnvironment, logMessage);
}

void fmi3FreeInstance(fmi3Instance instance)
{
    component_free(instance);
}

fmi3Status fmi3EnterInitializationMode(fmi3Instance instance, fmi3Boolean toleranceDefined, fmi3Float64 tolerance,
                                       fmi3Float64 startTime, fmi3Boolean stopTimeDefined, fmi3Float64 stopTime)
{
    UNUSED(stopTimeDefined);
    UNUSED(stopTime);
    REQUIRE(INSTANTIATED);
    ((Component *)instance)->mode = INITIALIZATION;
    return (fmi3Status)component_setup(instance, toleranceDefined, tolerance, startTime);
}

fmi3Status fmi3ExitInitializationMode(fmi3Instance instance)
{
    REQUIRE(INITIALIZATION);
    return (fmi3Status)component_start(instance);
}

fmi3Status fmi3Terminate(fmi3Instance instance)
{
    REQUIRE(RUNNING);
    ((Component *)instance)->mode = TERMINATED;
    return fmi3OK;
}

fmi3Status fmi3Reset(fmi3Instance instance)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)component_reset(instance);
}

#define DEFINE_ACCESS(name, type, element) \
    fmi3Status fmi3Get##name(fmi3Instance instance, const fmi3ValueReference valueReferences[], \
                             size_t nValueReferences, element values[], size_t nValues) \
    { \
        REQUIRE(ANY_MODE); \
        return (fmi3Status)component_get(instance, type, valueReferences, nValueReferences, values, nValues); \
    } \
\
    fmi3Status fmi3Set##name(fmi3Instance instance, const fmi3ValueReference valueReferences[], \
                             size_t nValueReferences, const element values[], size_t nValues) \
    { \
        REQUIRE(BEFORE_START | RUNNING); \
        return (fmi3Status)component_set(instance, type, valueReferences, nValueReferences, values, nValues); \
    }

DEFINE_ACCESS(Float64, REAL, fmi3Float64)
DEFINE_ACCESS(Int32, INTEGER, fmi3Int32)
DEFINE_ACCESS(Boolean, BOOLEAN, fmi3Boolean)
DEFINE_ACCESS(String, STRING, fmi3String)

/* Int64 is the type of enumerations, which are scalars here. */
fmi3Status fmi3GetInt64(fmi3Instance instance, const fmi3ValueReference valueReferences[], size_t nValueReferences,
                        fmi3Int64 values[], size_t nValues)
{
    REQUIRE(ANY_MODE);
    if (nValues != nValueReferences)
        return (fmi3Status)component_fail(instance, "%zu enumerations have %zu values", nValueReferences, nValues);
    for (size_t i = 0; i < nValues; i++) {
        int value;
        if (component_get(instance, ENUMERATION, &valueReferences[i], 1, &value, 1) != STATUS_OK)
            return fmi3Error;
        values[i] = value;
    }
    return fmi3OK;
}

fmi3Status fmi3SetInt64(fmi3Instance instance, const fmi3ValueReference valueReferences[], size_t nValueReferences,
                        const fmi3Int64 values[], size_t nValues)
{
    REQUIRE(BEFORE_START | RUNNING);
    if (nValues != nValueReferences)
        return (fmi3Status)component_fail(instance, "%zu enumerations have %zu values", nValueReferences, nValues);
    for (size_t i = 0; i < nValues; i++) {
        int value = (int)values[i];
        if (component_set(instance, ENUMERATION, &valueReferences[i], 1, &value, 1) != STATUS_OK)
            return fmi3Error;
    }
    return fmi3OK;
}

fmi3Status fmi3GetFMUState(fmi3Instance instance, fmi3FMUState *state)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)snapshot_take(instance, state);
}

fmi3Status fmi3SetFMUState(fmi3Instance instance, fmi3FMUState state)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)snapshot_restore(instance, state);
}

fmi3Status fmi3FreeFMUState(fmi3Instance instance, fmi3FMUState *state)
{
    UNUSED(instance);
    snapshot_free(state);
    return fmi3OK;
}

fmi3Status fmi3SerializedFMUStateSize(fmi3Instance instance, fmi3FMUState state, size_t *size)
{
    UNUSED(instance);
    UNUSED(state);
    *size = snapshot_size();
    return fmi3OK;
}

fmi3Status fmi3SerializeFMUState(fmi3Instance instance, fmi3FMUState state, fmi3Byte bytes[], size_t size)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)snapshot_write(instance, state, bytes, size);
}

fmi3Status fmi3DeserializeFMUState(fmi3Instance instance, const fmi3Byte bytes[], size_t size, fmi3FMUState *state)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)snapshot_read(instance, bytes, size, state);
}

/* Model Exchange */

fmi3Status fmi3EnterEventMode(fmi3Instance instance)
{
    REQUIRE(EVENT | CONTINUOUS_TIME);
    ((Component *)instance)->mode = EVENT;
    return fmi3OK;
}

fmi3Status fmi3UpdateDiscreteStates(fmi3Instance instance, fmi3Boolean *discreteStatesNeedUpdate,
                                    fmi3Boolean *terminateSimulation, fmi3Boolean *nominalsOfContinuousStatesChanged,
                                    fmi3Boolean *valuesOfContinuousStatesChanged, fmi3Boolean *nextEventTimeDefined,
                                    fmi3Float64 *nextEventTime)
{
    EventOutcome outcome;
    REQUIRE(EVENT);
    Status status = component_update(instance, &outcome);
    *discreteStatesNeedUpdate = outcome.again;
    *terminateSimulation = fmi3False;
    *nominalsOfContinuousStatesChanged = fmi3False;
    *valuesOfContinuousStatesChanged = outcome.states_changed;
    *nextEventTimeDefined = outcome.time_defined;
    *nextEventTime = outcome.time;
    return (fmi3Status)status;
}

fmi3Status fmi3EnterContinuousTimeMode(fmi3Instance instance)
{
    REQUIRE(EVENT);
    ((Component *)instance)->mode = CONTINUOUS_TIME;
    return fmi3OK;
}

fmi3Status fmi3CompletedIntegratorStep(fmi3Instance instance, fmi3Boolean noSetFMUStatePriorToCurrentPoint,
                                       fmi3Boolean *enterEventMode, fmi3Boolean *terminateSimulation)
{
    UNUSED(noSetFMUStatePriorToCurrentPoint);
    REQUIRE(CONTINUOUS_TIME);
    *enterEventMode = component_missed_event(instance);
    *terminateSimulation = fmi3False;
    return fmi3OK;
}

fmi3Status fmi3SetTime(fmi3Instance instance, fmi3Float64 time)
{
    REQUIRE(EVENT | CONTINUOUS_TIME);
    return (fmi3Status)component_set_time(instance, time);
}

fmi3Status fmi3SetContinuousStates(fmi3Instance instance, const fmi3Float64 continuousStates[],
                                   size_t nContinuousStates)
{
    REQUIRE(CONTINUOUS_TIME);
    return (fmi3Status)component_set_states(instance, continuousStates, nContinuousStates);
}

fmi3Status fmi3GetContinuousStateDerivatives(fmi3Instance instance, fmi3Float64 derivatives[],
                                             size_t nContinuousStates)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)component_get_derivatives(instance, derivatives, nContinuousStates);
}

fmi3Status fmi3GetEventIndicators(fmi3Instance instance, fmi3Float64 eventIndicators[], size_t nEventIndicators)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)component_get_indicators(instance, eventIndicators, nEventIndicators);
}

fmi3Status fmi3GetContinuousStates(fmi3Instance instance, fmi3Float64 continuousStates[], size_t nContinuousStates)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)component_get_states(instance, continuousStates, nContinuousStates);
}

fmi3Status fmi3GetNominalsOfContinuousStates(fmi3Instance instance, fmi3Float64 nominals[], size_t nContinuousStates)
{
    REQUIRE(ANY_MODE);
    return (fmi3Status)component_get_nominals(instance, nominals, nContinuousStates);
}

fmi3Status fmi3GetNumberOfEventIndicators(fmi3Instance instance, size_t *nEventIndicators)
{
    REQUIRE(ANY_MODE);
    *nEventIndicators = model_info.indicator_count;
    return fmi3OK;
}

fmi3Status fmi3GetNumberOfContinuousStates(fmi3Instance instance, size_t *nContinuousStates)
{
    REQUIRE(ANY_MODE);
    *nContinuousStates = component_state_count();
    return fmi3OK;
}

/* Co-Simulation */

fmi3Status fmi3DoStep(fmi3Instance instance, fmi3Float64 currentCommunicationPoint, fmi3Float64 communicationStepSize,
                      fmi3Boolean noSetFMUStatePriorToCurrentPoint, fmi3Boolean *eventHandlingNeeded,
                      fmi3Boolean *terminateSimulation, fmi3Boolean *earlyReturn, fmi3Float64 *lastSuccessfulTime)
{
    UNUSED(noSetFMUStatePriorToCurrentPoint);
    REQUIRE(STEP);
    *eventHandlingNeeded = fmi3False;
    *terminateSimulation = fmi3False;
    *earlyReturn = fmi3False;
    Status status = component_step(instance, currentCommunicationPoint, communicationStepSize);
    *lastSuccessfulTime = component_time(instance);
    return (fmi3Status)status;
}
