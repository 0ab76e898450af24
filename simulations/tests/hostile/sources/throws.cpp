/* C++ that nobody catches. */
#include <stdexcept>
#include <vector>

extern "C" int throws() { throw std::runtime_error("nobody catches this"); }

extern "C" int runs_out_of_memory() {
    std::vector<double> everything(std::size_t(1) << 34);
    return everything.size() > 0;
}
