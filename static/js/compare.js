// Runs over each other: one panel an output, one pen a run, each on its own times.
import { growing } from "./plot-data.js";
import { drawPlot } from "./plot.js";

const { outputs, runs } = JSON.parse(document.getElementById("compare-plots").textContent);
const figure = document.getElementById("compare-plot");
const results = await Promise.all(runs.map(async (run) => (await fetch(run.url)).json()));

const columns = [{ name: "time", unit: "s" }];
const tables = [];
const places = [];
runs.forEach((run, at) => {
  const shown = outputs.filter(({ name }) => results[at].data[name]);
  tables.push([growing(results[at].data.time), ...shown.map(({ name }) => results[at].data[name])]);
  places.push(...shown.map(({ name, unit }) => ({ name: `${run.key} ${name}`, short: run.key, panel: name, unit, trace: run.trace })));
});
const joined = uPlot.join(tables);
const data = { time: joined[0] };
places.forEach((column, at) => { data[column.name] = joined[at + 1]; });
for (const { name } of outputs) columns.push(...places.filter((column) => column.panel === name));

const stop = Math.max(...results.map((result) => result.stop_time));
drawPlot(figure, { columns, data, stop_time: stop }, { heights: innerWidth < 640 ? [190, 150] : [240, 180] });
