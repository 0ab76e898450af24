/* min and max, which Windows compilers define and some exporters therefore take for granted. C++ has its own, which
 * macros would break. */
#ifndef __cplusplus
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif
