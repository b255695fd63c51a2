// A sparkline of the last hour: lines with gaps where nothing is known, a scale, and a readout under the pointer.

import { isNumber } from "./format.js";

const height = 132;
const margin = { top: 10, right: 8, bottom: 22, left: 52 };
const xmlns = "http://www.w3.org/2000/svg";

export class Chart {
  #svg;
  #readout;
  #series;
  #scale;
  #describe;
  #history;
  #pointer;

  /**
   * @param figure the element with an svg and a .readout
   * @param series [{ member, name, isFilled, bridged }] the members of the history to draw; bridged is the number of
   *   unknown values that a line passes over
   * @param scale (values) => { ticks, at(value), label(value) } where at is 0 at the bottom and 1 at the top
   * @param describe (history, index or undefined) => the readout at a point, or the summary of all
   */
  constructor(figure, series, scale, describe) {
    this.#svg = figure.querySelector("svg");
    this.#readout = figure.querySelector(".readout");
    this.#series = series;
    this.#scale = scale;
    this.#describe = describe;
    new ResizeObserver(() => this.draw(this.#history)).observe(figure);
    this.#svg.addEventListener("pointermove", (event) => this.#point(event.offsetX));
    this.#svg.addEventListener("pointerleave", () => this.#point(undefined));
  }

  draw(history) {
    this.#history = history;
    const width = this.#svg.clientWidth;
    if (!history || width === 0) return;
    const steps = Math.max(...this.#series.map(({ member }) => history[member].length));
    const values = this.#series.flatMap(({ member }) => history[member].filter(isNumber));
    const scale = this.#scale(values);
    const x = (step) => margin.left + ((width - margin.left - margin.right) * step) / Math.max(1, steps - 1);
    const y = (value) => height - margin.bottom - (height - margin.top - margin.bottom) * scale.at(value);
    const parts = [...grid(scale, y, width), ...hours(history, steps, x)];
    for (const { member, name, isFilled, bridged } of this.#series) {
      const runs = runsOf(history[member], bridged ?? 0);
      if (isFilled) parts.push(shape("path", { class: `area ${name}`, d: areas(runs, x, y) }));
      parts.push(shape("path", { class: `line ${name}`, d: lines(runs, x, y) }));
    }
    if (this.#pointer !== undefined) {
      const step = Math.round(
        ((this.#pointer - margin.left) / (width - margin.left - margin.right)) * (steps - 1),
      );
      const at = Math.min(steps - 1, Math.max(0, step));
      parts.push(shape("line", { class: "cursor", x1: x(at), x2: x(at), y1: margin.top, y2: height - margin.bottom }));
      this.#readout.textContent = this.#describe(history, at);
    } else {
      this.#readout.textContent = this.#describe(history);
    }
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.setAttribute("aria-label", this.#describe(history));
    this.#svg.replaceChildren(...parts);
  }

  #point(offsetX) {
    this.#pointer = offsetX;
    this.draw(this.#history);
  }
}

/** The end of a step in the history, as a Date. */
export function endOf(history, step, steps) {
  return new Date(Date.parse(history.until) - (steps - 1 - step) * history.stepSeconds * 1000);
}

export function clock(date) {
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** A scale from 0 to a round number above all values. */
export function linear(label) {
  return (values) => {
    const peak = Math.max(...values, 0) || 1;
    const power = 10 ** Math.floor(Math.log10(peak));
    const top = [1, 2, 5, 10].find((factor) => factor * power >= peak) * power;
    return { ticks: [0, top / 2, top], at: (value) => value / top, label };
  };
}

/** A scale of decades, since times range from milliseconds to minutes. */
export function decades() {
  return (values) => {
    const positive = values.filter((value) => value > 0);
    const low = positive.length ? Math.floor(Math.log10(Math.min(...positive))) : -2;
    const high = Math.max(low + 1, positive.length ? Math.ceil(Math.log10(Math.max(...positive))) : 0);
    const every = Math.ceil((high - low) / 4);
    const ticks = [];
    for (let exponent = low; exponent <= high; exponent += every) ticks.push(10 ** exponent);
    const at = (value) => Math.max(0, (Math.log10(value) - low) / (high - low));
    return { ticks, at, label: power };
  };
}

function power(seconds) {
  const [factor, unit] = seconds < 9e-4 ? [1e6, "µs"] : seconds < 0.9 ? [1e3, "ms"] : [1, "s"];
  return `${Math.round(seconds * factor)} ${unit}`;
}

function grid(scale, y, width) {
  return scale.ticks.flatMap((tick) => [
    shape("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
    shape("text", { class: "tick", x: margin.left - 8, y: y(tick) + 4, "text-anchor": "end" }, scale.label(tick)),
  ]);
}

function hours(history, steps, x) {
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  return quarters.map((part) => {
    const step = Math.round(part * (steps - 1));
    const anchor = part === 0 ? "start" : part === 1 ? "end" : "middle";
    const text = part === 1 ? "now" : clock(endOf(history, step, steps));
    return shape("text", { class: "tick", x: x(step), y: height - 6, "text-anchor": anchor }, text);
  });
}

/** Splits values where more than a number of them are unknown, into runs of [step, value]. */
function runsOf(values, bridged) {
  const runs = [];
  let last = -Infinity;
  for (const [step, value] of values.entries()) {
    if (!isNumber(value)) continue;
    if (step - last > bridged + 1) runs.push([]);
    runs.at(-1).push([step, value]);
    last = step;
  }
  return runs;
}

// A run of one value becomes a dot, by a line of no length with round ends.
function lines(runs, x, y) {
  return runs
    .map((run) => run.map(([step, value], i) => `${i ? "L" : "M"}${at(x(step))} ${at(y(value))}`).join("") + dot(run))
    .join("");
}

function dot(run) {
  return run.length === 1 ? "h0" : "";
}

function areas(runs, x, y) {
  const base = at(height - margin.bottom);
  return runs
    .filter((run) => run.length > 1)
    .map((run) => {
      const top = run.map(([step, value]) => `L${at(x(step))} ${at(y(value))}`).join("");
      return `M${at(x(run[0][0]))} ${base}${top}L${at(x(run.at(-1)[0]))} ${base}Z`;
    })
    .join("");
}

function at(pixels) {
  return Number(pixels.toFixed(1));
}

function shape(name, attributes, text) {
  const element = document.createElementNS(xmlns, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}
