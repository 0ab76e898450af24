// Samples as uPlot wants them.

/** uPlot wants times that only grow; an event has two rows at one time, so the second moves by a hair. */
export function growing(times) {
  let last = -Infinity;
  return times.map((time) => (last = time > last ? time : last + Math.max(Math.abs(last), 1e-6) * 1e-12));
}

/** The value at `index`, or the nearest one before it where this curve has a sample. */
export function valueAt(values, index) {
  while (index > 0 && values[index] === undefined) index--;
  return values[index];
}
