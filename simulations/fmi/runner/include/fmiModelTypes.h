#include "fmi1_names.h"
