// Numbers, units and the labels of an axis, as engineers write them. simulations/views/drawing.py writes the same.

const SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
const LONGEST_PLAIN = 7;

const minus = (text) => text.replaceAll("-", "\u2212");

/** Four significant digits and a real minus sign; what is very small or large gets an exponent. */
export function number(value) {
  if (value == null) return "";
  if (typeof value === "boolean") return String(value);
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-4 && size < 1e7);
  if (!plain) return minus(value.toExponential(2));
  return minus(size < 1e4 ? Number(value.toPrecision(4)).toString() : value.toFixed(0));
}

/** The ticks of one axis, in full: all plain, or all with an exponent where plain ones would be long. */
export function tickLabels(ticks) {
  const exact = ticks.map((tick) => Number(tick.toPrecision(10)));
  const plain = exact.map(String);
  const powers = exact.map((tick) => (tick === 0 ? "0" : tick.toExponential().replace("e+", "e")));
  const longest = (texts) => Math.max(...texts.map((text) => text.length));
  return (longest(plain) > LONGEST_PLAIN && longest(powers) < longest(plain) ? powers : plain).map(minus);
}

/** A unit: kg·m² for kg.m2, nothing for what has none. */
export function unitLabel(unit) {
  if (!unit || unit === "1") return "";
  const raised = (power) => power.replace("-", "\u207b").replace(/\d/g, (digit) => SUPERSCRIPTS[digit]);
  return unit.replace(/(?<=[A-Za-z])-?\d+/g, raised).replaceAll(".", "\u00b7");
}
