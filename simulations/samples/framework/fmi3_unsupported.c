/* The functions of FMI 3.0 for what these FMUs do not have: clocks, binaries, other numeric types, partial derivatives,
 * structural parameters, scheduled execution. They must exist; each one logs that it is not supported. */
#include "component.h"
#include "headers/fmi3Functions.h"

/* The parameters of unsupported functions are unused by nature. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

static fmi3Status refuse(fmi3Instance instance, const char *call)
{
    return instance ? (fmi3Status)component_fail(instance, "%s is not supported by this FMU", call) : fmi3Error;
}

#define REFUSE(name, ...) \
    fmi3Status name(fmi3Instance instance, __VA_ARGS__) \
    { \
        return refuse(instance, #name); \
    }

#define REFUSE_TYPE(type) \
    REFUSE(fmi3Get##type, const fmi3ValueReference vr[], size_t nvr, fmi3##type values[], size_t n) \
    REFUSE(fmi3Set##type, const fmi3ValueReference vr[], size_t nvr, const fmi3##type values[], size_t n)

REFUSE_TYPE(Float32)
REFUSE_TYPE(Int8)
REFUSE_TYPE(UInt8)
REFUSE_TYPE(Int16)
REFUSE_TYPE(UInt16)
REFUSE_TYPE(UInt32)
REFUSE_TYPE(UInt64)

REFUSE(fmi3GetBinary, const fmi3ValueReference vr[], size_t nvr, size_t sizes[], fmi3Binary values[], size_t n)
REFUSE(fmi3SetBinary, const fmi3ValueReference vr[], size_t nvr, const size_t sizes[], const fmi3Binary values[],
       size_t n)

REFUSE(fmi3GetClock, const fmi3ValueReference vr[], size_t nvr, fmi3Clock values[])
REFUSE(fmi3SetClock, const fmi3ValueReference vr[], size_t nvr, const fmi3Clock values[])
REFUSE(fmi3GetIntervalDecimal, const fmi3ValueReference vr[], size_t nvr, fmi3Float64 intervals[],
       fmi3IntervalQualifier qualifiers[])
REFUSE(fmi3SetIntervalDecimal, const fmi3ValueReference vr[], size_t nvr, const fmi3Float64 intervals[])
REFUSE(fmi3GetIntervalFraction, const fmi3ValueReference vr[], size_t nvr, fmi3UInt64 counters[],
       fmi3UInt64 resolutions[], fmi3IntervalQualifier qualifiers[])
REFUSE(fmi3SetIntervalFraction, const fmi3ValueReference vr[], size_t nvr, const fmi3UInt64 counters[],
       const fmi3UInt64 resolutions[])
REFUSE(fmi3GetShiftDecimal, const fmi3ValueReference vr[], size_t nvr, fmi3Float64 shifts[])
REFUSE(fmi3SetShiftDecimal, const fmi3ValueReference vr[], size_t nvr, const fmi3Float64 shifts[])
REFUSE(fmi3GetShiftFraction, const fmi3ValueReference vr[], size_t nvr, fmi3UInt64 counters[],
       fmi3UInt64 resolutions[])
REFUSE(fmi3SetShiftFraction, const fmi3ValueReference vr[], size_t nvr, const fmi3UInt64 counters[],
       const fmi3UInt64 resolutions[])

REFUSE(fmi3GetNumberOfVariableDependencies, fmi3ValueReference vr, size_t *n)
REFUSE(fmi3GetVariableDependencies, fmi3ValueReference dependent, size_t elements[], fmi3ValueReference independents[],
       size_t independent_elements[], fmi3DependencyKind kinds[], size_t n)
REFUSE(fmi3GetDirectionalDerivative, const fmi3ValueReference unknowns[], size_t n_unknowns,
       const fmi3ValueReference knowns[], size_t n_knowns, const fmi3Float64 seed[], size_t n_seed,
       fmi3Float64 sensitivity[], size_t n_sensitivity)
REFUSE(fmi3GetAdjointDerivative, const fmi3ValueReference unknowns[], size_t n_unknowns,
       const fmi3ValueReference knowns[], size_t n_knowns, const fmi3Float64 seed[], size_t n_seed,
       fmi3Float64 sensitivity[], size_t n_sensitivity)
REFUSE(fmi3GetOutputDerivatives, const fmi3ValueReference vr[], size_t nvr, const fmi3Int32 orders[],
       fmi3Float64 values[], size_t n)

REFUSE(fmi3ActivateModelPartition, fmi3ValueReference clock, fmi3Float64 time)

fmi3Status fmi3EnterConfigurationMode(fmi3Instance instance)
{
    return refuse(instance, __func__);
}

fmi3Status fmi3ExitConfigurationMode(fmi3Instance instance)
{
    return refuse(instance, __func__);
}

fmi3Status fmi3EvaluateDiscreteStates(fmi3Instance instance)
{
    return refuse(instance, __func__);
}

fmi3Status fmi3EnterStepMode(fmi3Instance instance)
{
    return refuse(instance, __func__);
}

fmi3Instance fmi3InstantiateScheduledExecution(fmi3String instanceName, fmi3String instantiationToken,
                                               fmi3String resourcePath, fmi3Boolean visible, fmi3Boolean loggingOn,
                                               fmi3InstanceEnvironment instanceEnvironment,
                                               fmi3LogMessageCallback logMessage, fmi3ClockUpdateCallback clockUpdate,
                                               fmi3LockPreemptionCallback lockPreemption,
                                               fmi3UnlockPreemptionCallback unlockPreemption)
{
    return NULL;
}
