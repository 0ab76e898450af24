// What a canvas draws with: the colours of the style sheet, paler ones, and the hatching of unknown time.

const probe = document.createElement("i");
probe.hidden = true;
// Who has chosen few colours still tells the curves apart: a canvas is drawn, its colours are not text's.
probe.style.forcedColorAdjust = "none";

/** The colour a custom property stands for right now (light or dark), as canvas wants it. */
export function colour(name) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/** The same colour, more transparent. */
export const fade = (rgb, alpha) => rgb.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);

/** Hatch what nobody knows: the time after a run stopped. */
export function hatchAfter(u, stopped) {
  const { ctx, bbox } = u;
  const from = Math.max(u.valToPos(stopped, "x", true), bbox.left);
  const right = bbox.left + bbox.width;
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, bbox.top, right - from, bbox.height);
  ctx.clip();
  ctx.strokeStyle = fade(colour("--red"), 0.22);
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (let x = from - bbox.height; x < right; x += 9 * devicePixelRatio) {
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.strokeStyle = colour("--red");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(from, bbox.top);
  ctx.lineTo(from, bottom);
  ctx.stroke();
  ctx.restore();
}
