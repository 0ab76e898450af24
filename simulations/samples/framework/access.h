/* Reading and writing a model whose layout only its tables know. */
#ifndef ACCESS_H
#define ACCESS_H

#include "model.h"

double model_time(const Model *model);
void model_set_time(Model *model, double time);

size_t model_state_count(void);
void model_get_states(const Model *model, double x[]);
void model_set_states(Model *model, const double x[]);
void model_get_derivatives(const Model *model, double dx[]);
void model_get_nominals(double nominals[]);

void model_get_indicators(const Model *model, double z[]);

double model_next_event(const Model *model);

/* One pass of event handling; true if another one is needed. */
bool model_event(Model *model);

const Variable *model_find_variable(unsigned reference);

#endif
