// The plot of a run, over the server's drawing: few points at first, and the full detail of whatever one zooms into.
// A checkbox lays the run before under it.
import { drawPlot } from "./plot.js";

const DETAIL_AFTER_MS = 120;

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

/** The coarse curve with a part of it in detail. */
function spliced(coarse, detail, [from, to]) {
  const before = coarse.time.findIndex((time) => time >= from);
  const after = coarse.time.findIndex((time) => time > to);
  const head = before < 0 ? coarse.time.length : before;
  const tail = after < 0 ? coarse.time.length : after;
  return Object.fromEntries(Object.entries(coarse).map(([name, values]) => {
    const inside = detail[name].filter((_, at) => detail.time[at] >= from && detail.time[at] <= to);
    return [name, [...values.slice(0, head), ...inside, ...values.slice(tail)]];
  }));
}

async function start(figure) {
  const result = await load(figure.dataset.plot);
  const coarse = result.data;
  const over = figure.querySelector("[data-over]");
  const earlier = figure.dataset.before ? await load(figure.dataset.before).catch(() => null) : null;
  const heights = innerWidth < 640 ? [210, 120] : [290, 150];
  let plot;
  let timer;

  const ghosts = () => (earlier && over?.checked ? [{ data: earlier.data }] : []);
  const draw = () => {
    plot?.destroy();
    plot = drawPlot(figure, { ...result, data: coarse }, { heights, ghosts: ghosts(), onRange: look });
  };

  /** A result with more rows than are drawn shows all of them where one looks closely. */
  function look(range) {
    clearTimeout(timer);
    if (!range || result.rows <= coarse.time.length) return;
    timer = setTimeout(async () => {
      const detail = await load(`${figure.dataset.plot}?from=${range[0]}&to=${range[1]}`);
      plot.update(spliced(coarse, detail.data, range), ghosts());
    }, DETAIL_AFTER_MS);
  }

  over?.addEventListener("change", draw);
  draw();
}

for (const figure of document.querySelectorAll("figure[data-plot]")) start(figure);
