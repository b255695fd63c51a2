// The status page: requests /status.json and /history.json, and shows them. Works without the parts that a gate does
// not report, and says so.

import { Chart, clock, decades, endOf, linear } from "./chart.js";
import { isNumber, none, rate, time } from "./format.js";
import { showSections } from "./sections.js";
import * as views from "./views.js";

const statusEvery = 2_000;
const historyEvery = 10_000;
const historyRetry = 60_000;
const timeout = 5_000;
const members = ["requestsPerSecond", "refusedPerSecond", "firstByteP50Seconds"];

const state = document.getElementById("state");
const pause = document.getElementById("pause");
const main = document.getElementById("main");
const byId = (id) => document.getElementById(id);

const requests = new Chart(
  byId("requests"),
  [
    { member: "requestsPerSecond", name: "all", isFilled: true },
    { member: "refusedPerSecond", name: "refused" },
  ],
  linear((value) => `${Number(value.toPrecision(3))}`),
  (history, step) => {
    const rates = history.requestsPerSecond;
    if (step === undefined) {
      const known = rates.filter(isNumber);
      return known.length ? `Last hour: peak ${rate(Math.max(...known))}` : "No request yet";
    }
    const refused = history.refusedPerSecond[step];
    const refusals = isNumber(refused) ? `, refused ${rate(refused)}` : "";
    return `${clock(endOf(history, step, rates.length))}: ${
      isNumber(rates[step]) ? `${rate(rates[step])} a second${refusals}` : "not known"
    }`;
  },
);

const firstByte = new Chart(
  byId("first-byte"),
  // Without a response for up to a minute, the line continues: nothing was slower or faster meanwhile.
  [{ member: "firstByteP50Seconds", name: "all", bridged: 6 }],
  decades(),
  (history, step) => {
    const times = history.firstByteP50Seconds;
    if (step === undefined) {
      const known = times.filter(isNumber);
      return known.length
        ? `Last hour: ${time(Math.min(...known))} to ${time(Math.max(...known))}`
        : "No response in the last hour";
    }
    return `${clock(endOf(history, step, times.length))}: ${isNumber(times[step]) ? time(times[step]) : "no response"}`;
  },
);

let previous;
let history;
let historyAt = -Infinity;
let timer;
let lastAt;
let running = 0;

async function update() {
  clearTimeout(timer);
  const run = ++running;
  const began = performance.now();
  try {
    const status = await read("/status.json");
    if (began - historyAt >= historyEvery || status.processId !== previous?.processId) {
      history = historyOf(await readOptional("/history.json"));
      historyAt = history ? began : began - historyEvery + historyRetry;
    }
    if (run !== running) return;
    show(views.normal(status));
    lastAt = new Date();
    setState("live", "Live");
  } catch (error) {
    if (run !== running) return;
    if (!(error instanceof TypeError || error instanceof DOMException || error instanceof ResponseError)) throw error;
    const since = lastAt === undefined ? "" : ` since ${lastAt.toLocaleTimeString([], { hourCycle: "h23" })}`;
    setState("lost", error instanceof ResponseError ? error.message : `No response${since}`);
  }
  // A gate that needs long for its status, because it has thousands of rules, is asked less often.
  const next = Math.max(statusEvery, 10 * (performance.now() - began));
  if (pause.getAttribute("aria-pressed") === "false" && !document.hidden) timer = setTimeout(update, next);
}

/** The gate responded, but not with its status. */
class ResponseError extends Error {}

async function read(path) {
  const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(timeout) });
  if (!response.ok) throw new ResponseError(`The gate responds with ${response.status}`);
  try {
    return await response.json();
  } catch (error) {
    throw error instanceof SyntaxError ? new ResponseError("The response is not JSON") : error;
  }
}

async function readOptional(path) {
  const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(timeout) });
  return response.ok ? response.json().catch(() => undefined) : undefined;
}

/** Returns the history with every member, or undefined if it is not one. */
function historyOf(json) {
  if (!Array.isArray(json?.requestsPerSecond) || Number.isNaN(Date.parse(json.until)) || !isNumber(json.stepSeconds))
    return undefined;
  const lists = members.map((member) => [member, Array.isArray(json[member]) ? json[member].slice(-3600) : []]);
  return { stepSeconds: json.stepSeconds, until: json.until, ...Object.fromEntries(lists) };
}

function show(gate) {
  main.hidden = false;
  views.show(gate, views.tokenRate(previous, gate));
  showSections(gate);
  showHistory(views.requestRate(previous, gate), gate);
  previous = gate;
}

function showHistory(perSecond, gate) {
  const unknown = history ? "" : "The last hour is not known: this gate does not report it (/history.json).";
  byId("values").hidden = !history;
  const now = history?.requestsPerSecond.findLast(isNumber) ?? perSecond;
  views.chart(byId("requests"), isNumber(now) ? `${rate(now)} /s` : none, unknown);
  views.chart(byId("first-byte"), firstByteNow(gate), unknown);
  if (!history) return;
  requests.draw(history);
  firstByte.draw(history);
  if (byId("values").open) views.showValues(history);
}

function firstByteNow(gate) {
  const all = gate.firstByteTime?.count > 0 ? gate.firstByteTime.p50Seconds : undefined;
  return time(history?.firstByteP50Seconds.findLast(isNumber) ?? all);
}

// The element is read to users of screen readers: only a change is announced.
function setState(name, text) {
  state.dataset.state = name;
  if (state.textContent !== text) state.textContent = text;
}

pause.addEventListener("click", () => {
  const isPaused = pause.getAttribute("aria-pressed") === "false";
  pause.setAttribute("aria-pressed", `${isPaused}`);
  if (isPaused) {
    clearTimeout(timer);
    running++;
    setState("paused", "Paused");
  } else {
    update();
  }
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && pause.getAttribute("aria-pressed") === "false") update();
});

byId("values").addEventListener("toggle", () => previous && showHistory(undefined, previous));

main.addEventListener("click", async (event) => {
  const text = event.target.closest?.("button")?.dataset.copies;
  if (text === undefined) return;
  const note = byId("note");
  try {
    await navigator.clipboard.writeText(text);
    note.textContent = `Copied ${text}`;
    event.target.dataset.copied = "";
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    note.textContent = "The browser does not allow copying";
  }
  setTimeout(() => {
    delete event.target.dataset.copied;
    note.textContent = "";
  }, 2_000);
});

update();
