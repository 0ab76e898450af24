// OpenMP with C++ exceptions thrown and caught on every thread.
#include <omp.h>
#include <stdexcept>

extern "C" int uses_openmp() {
    int caught = 0;
#pragma omp parallel for num_threads(4) reduction(+ : caught)
    for (int i = 0; i < 1000; i++) {
        try {
            if (i % 2 == 0) throw std::runtime_error("even");
        } catch (const std::exception &) {
            caught++;
        }
    }
    return caught != 500;
}
