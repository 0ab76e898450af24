/* The solver inside the Co-Simulation FMUs: Dormand-Prince 5(4) with step size control and event location. */
#ifndef SOLVER_H
#define SOLVER_H

#include "model.h"

/* Handle events at the current time until nothing changes any more; false if that never happens. */
bool solver_settle(Model *model);

/* Advance a settled model to time `end`, handling every event on the way.
 *
 * tolerance: relative; the absolute one is this times each state's nominal value.
 * step: the step size to try first (0: choose one); holds the next one to try on return.
 * Returns NULL, or what went wrong.
 */
const char *solver_advance(Model *model, double end, double tolerance, double *step);

#endif
