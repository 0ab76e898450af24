/* C that is no C++: a variable called new, and a void pointer that becomes another without a cast. */
#include "ring.h"

#include <stdlib.h>

struct ring {
    size_t length, at;
    double values[];
};

ring *ring_make(size_t length) {
    ring *new = calloc(1, sizeof(ring) + length * sizeof(double));
    new->length = length;
    return new;
}

/* What was put in `length` calls ago, for the new value. */
double ring_swap(ring *r, double value) {
    double old = r->values[r->at];
    r->values[r->at] = value;
    r->at = (r->at + 1) % r->length;
    return old;
}

void ring_free(ring *r) { free(r); }
