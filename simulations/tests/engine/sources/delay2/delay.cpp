// FMI 2 Co-Simulation as a tool writes it in C++: y is u, some steps later. It leans on what only C++ has: a static
// object, the standard library, an exception, and a helper in plain C.
#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "fmi2Functions.h"
#include "ring.h"

namespace {

enum class Reference : fmi2ValueReference { input, output, length };

const std::map<std::string, Reference> names{{"u", Reference::input}, {"y", Reference::output}, {"n", Reference::length}};

class Delay {
public:
    explicit Delay(const std::string &name) : name_(name) {}
    ~Delay() { ring_free(ring_); }

    void start() {
        if (length < 1) throw std::invalid_argument(name_ + ": the delay must be at least one step");
        ring_ = ring_make(static_cast<size_t>(length));
    }
    void step() { values_.push_back(std::min(std::max(ring_swap(ring_, u), -1e9), 1e9)); }
    double y() const { return values_.empty() ? 0.0 : values_.back(); }

    double u = 0.0;
    int length = 1;

private:
    std::string name_;
    std::vector<double> values_;
    ring *ring_ = nullptr;
};

Delay &model(fmi2Component component) { return *static_cast<Delay *>(component); }

}  // namespace

extern "C" {

const char *fmi2GetTypesPlatform() { return fmi2TypesPlatform; }
const char *fmi2GetVersion() { return fmi2Version; }

fmi2Component fmi2Instantiate(fmi2String name, fmi2Type, fmi2String, fmi2String, const fmi2CallbackFunctions *, fmi2Boolean,
                              fmi2Boolean) {
    return names.size() == 3 ? new Delay(name) : nullptr;
}
void fmi2FreeInstance(fmi2Component c) { delete static_cast<Delay *>(c); }
fmi2Status fmi2SetupExperiment(fmi2Component, fmi2Boolean, fmi2Real, fmi2Real, fmi2Boolean, fmi2Real) { return fmi2OK; }
fmi2Status fmi2EnterInitializationMode(fmi2Component) { return fmi2OK; }
fmi2Status fmi2ExitInitializationMode(fmi2Component c) {
    try {
        model(c).start();
        return fmi2OK;
    } catch (const std::invalid_argument &) {
        return fmi2Error;
    }
}
fmi2Status fmi2Terminate(fmi2Component) { return fmi2OK; }
fmi2Status fmi2DoStep(fmi2Component c, fmi2Real, fmi2Real, fmi2Boolean) {
    model(c).step();
    return fmi2OK;
}

fmi2Status fmi2GetReal(fmi2Component c, const fmi2ValueReference[], size_t n, fmi2Real value[]) {
    for (size_t i = 0; i < n; i++) value[i] = model(c).y();
    return fmi2OK;
}
fmi2Status fmi2SetReal(fmi2Component c, const fmi2ValueReference[], size_t n, const fmi2Real value[]) {
    for (size_t i = 0; i < n; i++) model(c).u = value[i];
    return fmi2OK;
}
fmi2Status fmi2SetInteger(fmi2Component c, const fmi2ValueReference[], size_t n, const fmi2Integer value[]) {
    for (size_t i = 0; i < n; i++) model(c).length = value[i];
    return fmi2OK;
}
}
