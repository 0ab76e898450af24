// The live card of the landing page: a slider moves, the sample FMU runs again through POST /simulate,
// the last settings stay on the paper as fading ghosts.
// One request is in flight at a time and ten a second at most; meanwhile only the latest wish is remembered.
import { drawPlot } from "./plot.js";
import { number, unitLabel } from "./plot-text.js";

const GHOSTS = 3;
const PACE = 100;
const card = document.querySelector("[data-live]");
const { models, first } = JSON.parse(document.getElementById("live-models").textContent);
const figure = card.querySelector(".plot");
const sliders = card.querySelector("[data-sliders]");
const badge = card.querySelector("[data-badge]");

let model = models[0];
let values = startValues(model);
let settled = first;
let ghosts = [];
let drawn = model;
let plot = draw(first);
let running = false;
let wished = false;

function startValues({ sliders }) {
  return Object.fromEntries(sliders.map(({ variable, value }) => [variable, value]));
}

function request() {
  const { sample, stop_time, output_interval, outputs } = model;
  return { fmu_id: `sample:${sample}`, stop_time, output_interval, start_values: values, outputs };
}

/** All cards are equally high: one tall panel, or two that share its height. */
function draw(result) {
  const panels = new Set(result.columns.slice(1).map((column) => column.unit)).size;
  const heights = panels === 1 ? [262, 0] : [122, 94];
  // A place for each ghost is kept from the beginning, so that later runs only exchange data.
  const places = Array.from({ length: GHOSTS }, () => ({ data: result.data }));
  return drawPlot(figure, result, { heights, ghosts: places });
}

function say(state, words) {
  badge.dataset.state = state;
  badge.textContent = words;
}

function showCode() {
  const pairs = Object.entries(values).map(([name, value]) => `"${name}": ${value}`).join(", ");
  const outputs = model.outputs.map((name) => `"${name}"`).join(", ");
  const words = { model: model.sample, stop: model.stop_time, interval: model.output_interval, values: pairs, outputs };
  for (const [place, text] of Object.entries(words)) {
    for (const element of card.querySelectorAll(`[data-code-${place}]`)) element.textContent = text;
  }
}

/** Run what the sliders say; a wish made meanwhile is run right after. */
async function run() {
  showCode();
  if (running) {
    wished = true;
    return;
  }
  running = true;
  const asked = model;
  const began = performance.now();
  try {
    const response = await fetch("/simulate", {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(request()),
    });
    if (asked === model) await show(response, performance.now() - began);
  } catch {
    say("fail", "No connection");
  }
  setTimeout(next, PACE - (performance.now() - began));
}

function next() {
  running = false;
  if (!wished) return;
  wished = false;
  run();
}

async function show(response, took) {
  if (response.status === 429) return wait(Number(response.headers.get("Retry-After")) || 5);
  const simulation = await response.json();
  if (!response.ok) return say("fail", "Refused");
  if (simulation.status === "failed") return say("fail", simulation.error.code.replaceAll("_", " "));
  if (simulation.status !== "succeeded") return say("warn", "Busy, move again");
  settled = { columns: simulation.result.columns, data: simulation.result.data, stop_time: model.stop_time };
  if (drawn === model) {
    plot.update(settled.data, ghosts);
  } else {
    plot.destroy();
    plot = draw(settled);
    drawn = model;
  }
  return say("ok", `Ran in ${Math.round(took)} ms`);
}

/** The samples are free and so they are rationed: say so, then carry on. */
function wait(seconds) {
  say("warn", `Back in ${seconds} s`);
  wished = false;
  setTimeout(run, seconds * 1000);
}

/** The pen is lifted: what stands on the paper becomes a ghost of the next stroke. */
function rest() {
  ghosts = [{ data: settled.data }, ...ghosts].slice(0, GHOSTS);
}

function buildSliders() {
  const template = card.querySelector("template");
  sliders.replaceChildren(...model.sliders.map((slider) => {
    const row = template.content.firstElementChild.cloneNode(true);
    const [label, output, range] = row.children;
    const show = () => { output.textContent = `${number(values[slider.variable])} ${unitLabel(slider.unit)}`.trim(); };
    label.textContent = slider.variable;
    label.htmlFor = range.id = `live-${slider.variable}`;
    row.title = slider.description;
    Object.assign(range, { min: slider.minimum, max: slider.maximum, step: slider.step, value: slider.value });
    range.setAttribute("aria-description", slider.description);
    show();
    range.addEventListener("pointerdown", rest);
    range.addEventListener("keydown", (event) => { if (!event.repeat) rest(); });
    range.addEventListener("input", () => {
      values[slider.variable] = Number(range.value);
      range.setAttribute("aria-valuetext", output.textContent);
      show();
      run();
    });
    return row;
  }));
}

for (const button of card.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    for (const other of card.querySelectorAll("[data-show]")) other.setAttribute("aria-pressed", String(other === button));
    model = models.find(({ sample }) => sample === button.dataset.show);
    values = startValues(model);
    ghosts = [];
    buildSliders();
    run();
  });
}
buildSliders();
