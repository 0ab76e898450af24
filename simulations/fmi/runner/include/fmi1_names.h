/* The names of FMI 1.0 on top of FMPy's fmi1Functions.h, which calls them fmi1...: for sources that were exported
 * without the standard's own headers. */
#ifndef FMI1_NAMES_H
#define FMI1_NAMES_H

#include <stddef.h>

#include "fmi1Functions.h"

#define fmiVersion "1.0"
#ifndef fmiModelTypesPlatform
#define fmiModelTypesPlatform "standard32"
#define fmiPlatform "standard32"
#endif
#ifndef DllExport
#define DllExport __attribute__((visibility("default")))
#endif

#define fmiPaste(a, b) a##b
#define fmiPasteB(a, b) fmiPaste(a, b)
#define fmiFullName(name) fmiPasteB(MODEL_IDENTIFIER, name)

#define fmiComponent fmi1Component
#define fmiValueReference fmi1ValueReference
#define fmiReal fmi1Real
#define fmiInteger fmi1Integer
#define fmiBoolean fmi1Boolean
#define fmiString fmi1String
#define fmiTrue fmi1True
#define fmiFalse fmi1False
#define fmiUndefinedValueReference fmi1UndefinedValueReference
#define fmiOK fmi1OK
#define fmiWarning fmi1Warning
#define fmiDiscard fmi1Discard
#define fmiError fmi1Error
#define fmiFatal fmi1Fatal
#define fmiStatus fmi1Status
#define fmiStatusKind fmi1StatusKind
#define fmiDoStepStatus fmi1DoStepStatus
#define fmiPendingStatus fmi1PendingStatus
#define fmiLastSuccessfulTime fmi1LastSuccessfulTime
#define fmiCallbackLogger fmi1CallbackLogger
#define fmiCallbackAllocateMemory fmi1CallbackAllocateMemory
#define fmiCallbackFreeMemory fmi1CallbackFreeMemory
#define fmiStepFinished fmi1StepFinished
#define fmiCallbackFunctions fmi1CallbackFunctions
#define fmiEventInfo fmi1EventInfo
#define fmiPending ((fmi1Status)5)

#define fmiGetModelTypesPlatform fmiFullName(_fmiGetModelTypesPlatform)
#define fmiGetTypesPlatform fmiFullName(_fmiGetTypesPlatform)
#define fmiGetVersion fmiFullName(_fmiGetVersion)
#define fmiInstantiateModel fmiFullName(_fmiInstantiateModel)
#define fmiFreeModelInstance fmiFullName(_fmiFreeModelInstance)
#define fmiSetTime fmiFullName(_fmiSetTime)
#define fmiSetContinuousStates fmiFullName(_fmiSetContinuousStates)
#define fmiCompletedIntegratorStep fmiFullName(_fmiCompletedIntegratorStep)
#define fmiInitialize fmiFullName(_fmiInitialize)
#define fmiGetDerivatives fmiFullName(_fmiGetDerivatives)
#define fmiGetEventIndicators fmiFullName(_fmiGetEventIndicators)
#define fmiEventUpdate fmiFullName(_fmiEventUpdate)
#define fmiGetContinuousStates fmiFullName(_fmiGetContinuousStates)
#define fmiGetNominalContinuousStates fmiFullName(_fmiGetNominalContinuousStates)
#define fmiGetStateValueReferences fmiFullName(_fmiGetStateValueReferences)
#define fmiTerminate fmiFullName(_fmiTerminate)
#define fmiInstantiateSlave fmiFullName(_fmiInstantiateSlave)
#define fmiInitializeSlave fmiFullName(_fmiInitializeSlave)
#define fmiTerminateSlave fmiFullName(_fmiTerminateSlave)
#define fmiResetSlave fmiFullName(_fmiResetSlave)
#define fmiFreeSlaveInstance fmiFullName(_fmiFreeSlaveInstance)
#define fmiSetRealInputDerivatives fmiFullName(_fmiSetRealInputDerivatives)
#define fmiGetRealOutputDerivatives fmiFullName(_fmiGetRealOutputDerivatives)
#define fmiCancelStep fmiFullName(_fmiCancelStep)
#define fmiDoStep fmiFullName(_fmiDoStep)
#define fmiGetStatus fmiFullName(_fmiGetStatus)
#define fmiGetRealStatus fmiFullName(_fmiGetRealStatus)
#define fmiGetIntegerStatus fmiFullName(_fmiGetIntegerStatus)
#define fmiGetBooleanStatus fmiFullName(_fmiGetBooleanStatus)
#define fmiGetStringStatus fmiFullName(_fmiGetStringStatus)
#define fmiSetDebugLogging fmiFullName(_fmiSetDebugLogging)
#define fmiSetReal fmiFullName(_fmiSetReal)
#define fmiSetInteger fmiFullName(_fmiSetInteger)
#define fmiSetBoolean fmiFullName(_fmiSetBoolean)
#define fmiSetString fmiFullName(_fmiSetString)
#define fmiGetReal fmiFullName(_fmiGetReal)
#define fmiGetInteger fmiFullName(_fmiGetInteger)
#define fmiGetBoolean fmiFullName(_fmiGetBoolean)
#define fmiGetString fmiFullName(_fmiGetString)

DllExport fmi1GetModelTypesPlatformTYPE fmiGetModelTypesPlatform;
DllExport fmi1GetTypesPlatformTYPE fmiGetTypesPlatform;
DllExport fmi1GetVersionTYPE fmiGetVersion;
DllExport fmi1InstantiateModelTYPE fmiInstantiateModel;
DllExport fmi1FreeModelInstanceTYPE fmiFreeModelInstance;
DllExport fmi1SetTimeTYPE fmiSetTime;
DllExport fmi1SetContinuousStatesTYPE fmiSetContinuousStates;
DllExport fmi1CompletedIntegratorStepTYPE fmiCompletedIntegratorStep;
DllExport fmi1InitializeTYPE fmiInitialize;
DllExport fmi1GetDerivativesTYPE fmiGetDerivatives;
DllExport fmi1GetEventIndicatorsTYPE fmiGetEventIndicators;
DllExport fmi1EventUpdateTYPE fmiEventUpdate;
DllExport fmi1GetContinuousStatesTYPE fmiGetContinuousStates;
DllExport fmi1GetNominalContinuousStatesTYPE fmiGetNominalContinuousStates;
DllExport fmi1GetStateValueReferencesTYPE fmiGetStateValueReferences;
DllExport fmi1TerminateTYPE fmiTerminate;
DllExport fmi1InstantiateSlaveTYPE fmiInstantiateSlave;
DllExport fmi1InitializeSlaveTYPE fmiInitializeSlave;
DllExport fmi1TerminateSlaveTYPE fmiTerminateSlave;
DllExport fmi1ResetSlaveTYPE fmiResetSlave;
DllExport fmi1FreeSlaveInstanceTYPE fmiFreeSlaveInstance;
DllExport fmi1SetRealInputDerivativesTYPE fmiSetRealInputDerivatives;
DllExport fmi1GetRealOutputDerivativesTYPE fmiGetRealOutputDerivatives;
DllExport fmi1CancelStepTYPE fmiCancelStep;
DllExport fmi1DoStepTYPE fmiDoStep;
DllExport fmi1GetStatusTYPE fmiGetStatus;
DllExport fmi1GetRealStatusTYPE fmiGetRealStatus;
DllExport fmi1GetIntegerStatusTYPE fmiGetIntegerStatus;
DllExport fmi1GetBooleanStatusTYPE fmiGetBooleanStatus;
DllExport fmi1GetStringStatusTYPE fmiGetStringStatus;
DllExport fmi1SetDebugLoggingTYPE fmiSetDebugLogging;
DllExport fmi1SetRealTYPE fmiSetReal;
DllExport fmi1SetIntegerTYPE fmiSetInteger;
DllExport fmi1SetBooleanTYPE fmiSetBoolean;
DllExport fmi1SetStringTYPE fmiSetString;
DllExport fmi1GetRealTYPE fmiGetReal;
DllExport fmi1GetIntegerTYPE fmiGetInteger;
DllExport fmi1GetBooleanTYPE fmiGetBoolean;
DllExport fmi1GetStringTYPE fmiGetString;

#endif
