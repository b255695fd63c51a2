// The head of the page: what the gate is, what needs attention, figures, and what the charts do not show by themselves.

import { clock, endOf } from "./chart.js";
import { clean, count, duration, isNumber, list, none, plural, rate, share, time } from "./format.js";
import { fillList, fillTable, fillTerms, piece, setText, showEmpty } from "./table.js";

const alertsMax = 20;

const byId = (id) => document.getElementById(id);
const sum = (items) => items.reduce((total, { count: n }) => total + (isNumber(n) ? n : 0), 0);

/** The status with what the page derives from it. Members that this gate does not report are undefined. */
export function normal(status) {
  const listeners = list(status.listeners);
  const verdicts = listeners.flatMap((listener) => list(listener.verdicts));
  const flight = status.inFlight;
  return {
    ...status,
    listeners,
    requests: sum(verdicts),
    refused: sum(verdicts.filter(({ name }) => String(name).startsWith("refused"))),
    flightCount: isNumber(flight) ? flight : flight?.count,
    flight: Array.isArray(flight?.requests) ? list(flight.requests) : undefined,
    refusedRoutes: Array.isArray(status.refusedRoutes) ? list(status.refusedRoutes) : undefined,
    firstByte: Array.isArray(status.firstByte) ? list(status.firstByte) : undefined,
  };
}

/** Tokens a second since the status before, of the responses in flight; undefined if none is counted. */
export function tokenRate(before, now) {
  const elapsed = elapsedSeconds(before, now);
  const counted = (now.flight ?? []).filter(({ tokens }) => isNumber(tokens));
  if (counted.length === 0 || elapsed === undefined) return undefined;
  const old = new Map();
  for (const request of before.flight ?? []) old.set(requestKey(before, request, 0), request.tokens ?? 0);
  const gained = counted.map((request) => {
    // Rounded, the same moment may be the second before or after.
    const same = [0, -1, 1].map((shift) => old.get(requestKey(now, request, shift))).find(isNumber);
    return Math.max(0, request.tokens - (same ?? (request.ageSeconds <= elapsed ? 0 : request.tokens)));
  });
  return gained.reduce((sum, tokens) => sum + tokens, 0) / elapsed;
}

/** Requests a second since the status before; undefined for the first one of a gate. */
export function requestRate(before, now) {
  const elapsed = elapsedSeconds(before, now);
  return elapsed && (now.requests - before.requests) / elapsed;
}

// By the gate's own clock.
function elapsedSeconds(before, now) {
  const elapsed = before?.startedAt === now.startedAt ? now.uptimeSeconds - before?.uptimeSeconds : 0;
  return elapsed > 0 ? elapsed : undefined;
}

// A request has no name of its own: it is known by its client, its route, and the second in which it began.
function requestKey(gate, { peer, listener, method, route, ageSeconds }, shift) {
  return JSON.stringify([peer, listener, method, route, Math.round(gate.uptimeSeconds - ageSeconds) + shift]);
}

export function show(gate, tokensPerSecond) {
  setText(byId("version"), clean(gate.version ?? ""));
  setText(byId("about"), about(gate));
  document.title = gate.flightCount > 0 ? `(${gate.flightCount}) FastGate` : "FastGate";
  showAlerts(gate);
  showFigures(gate, tokensPerSecond);
}

function about(gate) {
  const loops = isNumber(gate.loops) ? `, ${plural(gate.loops, "loop")}` : "";
  const upstream = `upstream ${clean(gate.upstream ?? none)}`;
  return `up ${duration(gate.uptimeSeconds)} · ${upstream} · ${clean(gate.backend ?? none)}${loops}`;
}

/** Shows the present value above a chart, and a sentence in place of the chart if there is one. */
export function chart(figure, now, sentence) {
  setText(figure.querySelector(".now"), now);
  showEmpty(figure.querySelector("svg"), sentence);
  for (const name of [".legend", ".readout"]) figure.querySelector(name).hidden = sentence !== "";
}

/** Shows the history in steps of five minutes, for those who cannot see the charts. */
export function showValues(history) {
  const table = byId("values").querySelector("table");
  const steps = history.requestsPerSecond.length;
  const per = Math.max(1, Math.round(300 / history.stepSeconds));
  const starts = Array.from({ length: Math.ceil(steps / per) }, (_, index) => index * per);
  const part = (member, from) => history[member].slice(from, from + per).filter(isNumber);
  const mean = (values) => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : undefined);
  const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  const columns = [
    { name: "Until", kind: "main", cell: (from) => clock(endOf(history, Math.min(from + per, steps) - 1, steps)) },
    { name: "Requests a second", kind: "numeric", cell: (from) => rate(mean(part("requestsPerSecond", from))) },
    { name: "Refused a second", kind: "numeric", cell: (from) => rate(mean(part("refusedPerSecond", from))) },
    { name: "Time to first byte", kind: "numeric", cell: (from) => time(middle(part("firstByteP50Seconds", from))) },
  ];
  fillTable(table, columns, starts, String, "");
}

function showAlerts(gate) {
  const alerts = [
    ...(gate.upstreamUp === false
      ? [[piece("strong", "No upstream. "), piece("span", `Nothing answers at ${clean(gate.upstream ?? none)}.`)]]
      : []),
    ...list(gate.bypasses).map((bypass) => [
      piece("strong", "Bypassed. "),
      piece("code", clean(bypass.command)),
      piece(
        "span",
        bypass.takenPort
          ? ` intercepts port ${bypass.takenPort} and forwards it to ${clean(bypass.target)}. Turn it off: `
          : ` bypasses the gate and forwards to ${clean(bypass.target)}. Turn it off: `,
      ),
      piece("code", clean(bypass.disableCommand)),
    ]),
    ...gate.listeners.flatMap((listener) =>
      (listener.unbound ?? []).map((missing) => [piece("strong", "Not bound "), piece("span", `to ${clean(missing)}`)]),
    ),
    ...gate.listeners
      .filter((listener) => listener.bound?.length === 0 && !listener.unbound?.length)
      .map((listener) => [
        piece("strong", "Not bound. "),
        piece("span", `This machine does not have the address of ${clean(listener.name)} now.`),
      ]),
  ];
  if (gate.logLinesDropped > 0)
    alerts.push([
      piece("strong", `${plural(gate.logLinesDropped, "line")} lost `),
      piece("span", "of the access log."),
    ]);
  if (gate.reloadsFailed > 0)
    alerts.push([
      piece("strong", `${plural(gate.reloadsFailed, "reload")} failed. `),
      piece("span", "The gate keeps the last valid config; its log has the reason."),
    ]);
  byId("alerts").hidden = alerts.length === 0;
  fillList(byId("alerts").querySelector("ul"), alerts.slice(0, alertsMax));
}

function showFigures(gate, tokensPerSecond) {
  const open = gate.listeners.reduce((total, listener) => total + (listener.connectionsOpen ?? 0), 0);
  const terms = [
    { name: "In flight", value: count(gate.flightCount), detail: oldest(gate.flight) },
    {
      name: "Refused",
      value: count(gate.refused),
      detail: gate.requests ? `${share(gate.refused, gate.requests)} of ${count(gate.requests)}` : "no request yet",
    },
    { name: "Connections", value: count(open), detail: `of ${count(gate.connectionsMax)} allowed` },
    { name: "Upstream", value: count(gate.readyConnections), detail: "connections ready" },
    {
      name: "Time in the gate",
      value: time(gate.gateTime?.count > 0 ? gate.gateTime.p50Seconds : undefined),
      detail: p99(gate.gateTime),
    },
  ];
  if (tokensPerSecond !== undefined)
    terms.splice(1, 0, { name: "Tokens a second", value: rate(tokensPerSecond), detail: "of all in flight" });
  fillTerms(byId("figures"), terms);
}

function oldest(flight) {
  if (flight === undefined) return "";
  return flight.length ? `oldest ${duration(Math.max(...flight.map(({ ageSeconds }) => ageSeconds)))}` : "none now";
}

const p99 = (histogram) => (histogram?.count > 0 ? `99 %: ${time(histogram.p99Seconds)}` : "no request yet");
