#ifndef RING_H
#define RING_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ring ring;

ring *ring_make(size_t length);
double ring_swap(ring *r, double value);
void ring_free(ring *r);

#ifdef __cplusplus
}
#endif
#endif
