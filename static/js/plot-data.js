// Samples as uPlot wants them.

const MARGIN = 0.08;
const LARGEST = 1e300;

/** uPlot wants times that only grow; an event has two rows at one time, so the second moves by a hair. */
export function growing(times) {
  let last = -Infinity;
  return times.map((time) => (last = time > last ? time : last + Math.max(Math.abs(last), 1e-6) * 1e-12));
}

/** The ends of an axis: the smallest and the largest value with some room around them, as drawing.py's `roomy`. */
export function roomy(low, high) {
  [low, high] = (low == null ? [0, 1] : [low, high]).map((end) => Math.min(Math.max(end, -LARGEST), LARGEST));
  const room = (high - low) * MARGIN || Math.abs(high) * MARGIN || 1;
  return [low - room, high + room];
}

/** Whether all curves are truth values, which read 0 and 1. */
export function areTruths(curves) {
  return curves.every((values) => typeof values?.find((value) => value != null) === "boolean");
}

/** The value at `index`, or the nearest one before it where this curve has a sample. */
export function valueAt(values, index) {
  while (index > 0 && values[index] === undefined) index--;
  return values[index];
}
