/* The solver inside the Co-Simulation FMUs: Dormand-Prince 5(4) with step size control and event location. */
#ifndef SOLVER_H
#define SOLVER_H

#include "model.h"

/* Advance a model towards time `end`: as far as that, or just behind the first state event on the way.
 *
 * The model must be computed and have no event due. The caller stops at time events and handles events.
 * tolerance: relative; the absolute one is this times each state's nominal value.
 * step: the step size to try first (0: choose one); holds the next one to try on return.
 * Returns NULL, or what went wrong.
 */
const char *solver_advance(Model *model, double end, double tolerance, double *step);

#endif
