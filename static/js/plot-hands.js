// Moving through a plot: by key, by wheel, by Shift and drag. Drawing a selection is uPlot's own.

export const HOW_TO_MOVE =
  "Arrow keys move the cursor, plus and minus zoom, Shift and arrows move the view, 0 shows all.";

/** view = {zoom(from, to), pan(share), fit(), isZoomed()}; the cursor is read from `chart`; `signal` ends it all. */
export function followHands(box, chart, view, signal) {
  const cursor = () => chart.data[0][chart.cursor.idx];
  const share = (pixels) => pixels / chart.over.clientWidth;

  function step(direction) {
    const { min, max } = chart.scales.x;
    const here = cursor() ?? (direction > 0 ? min : max);
    const there = Math.min(max, Math.max(min, here + direction * (max - min) / 50));
    chart.setCursor({ left: chart.valToPos(there, "x"), top: chart.over.clientHeight / 2 });
  }

  function scale(factor) {
    const { min, max } = chart.scales.x;
    const middle = cursor() ?? (min + max) / 2;
    const half = (max - min) * factor / 2;
    view.zoom(middle - half, middle + half);
  }

  const sideways = (direction) => ({ shiftKey }) => (shiftKey ? view.pan(0.1 * direction) : step(direction));
  const keys = {
    ArrowLeft: sideways(-1), ArrowRight: sideways(1),
    "+": () => scale(0.5), "=": () => scale(0.5), "-": () => scale(2), 0: view.fit, Escape: view.fit,
  };
  function onKey(event) {
    const act = event.target === box && !event.ctrlKey && !event.metaKey && keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  }

  let held;
  function onPress(event) {
    if (!event.shiftKey || !event.target.closest(".u-over")) return;
    event.stopPropagation();
    held = event.clientX;
    box.setPointerCapture(event.pointerId);
  }
  function onMove(event) {
    if (held === undefined) return;
    view.pan(share(held - event.clientX));
    held = event.clientX;
  }
  function onWheel(event) {
    if (!view.isZoomed() || Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    view.pan(share(event.deltaX));
  }

  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.addEventListener("keydown", onKey, { signal });
  box.addEventListener("pointerdown", onPress, { capture: true, signal });
  // uPlot would draw a selection.
  box.addEventListener("mousedown", (event) => { if (event.shiftKey) event.stopPropagation(); }, { capture: true, signal });
  box.addEventListener("pointermove", onMove, { signal });
  box.addEventListener("pointerup", () => { held = undefined; }, { signal });
  box.addEventListener("wheel", onWheel, { passive: false, signal });
}
