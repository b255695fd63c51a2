// The tables of the page, each from one part of the status. Each has a limit: a client can make the lists grow.

import { bytes, clean, count, duration, isNumber, list, none, time } from "./format.js";
import { code, copy, fillTable, piece, setText } from "./table.js";

const flightMax = 20;
const refusedMax = 10;
const rulesMax = 12;
const rowsMax = 20;

const phases = { request: "receiving request", waiting: "waiting for Ollama", response: "sending response" };

const byId = (id) => document.getElementById(id);
const word = (text) => code(clean(text));
const key = (...parts) => JSON.stringify(parts);

export function showSections(gate) {
  showFlight(gate);
  showRefused(gate);
  showRules(gate);
  showPeers(gate);
  showListeners(gate);
  showAgents(gate);
}

const flightColumns = [
  { name: "Age", kind: "numeric", cell: ({ ageSeconds }) => duration(ageSeconds) },
  { name: "Client", cell: ({ peer }) => [word(peer ?? none)] },
  { name: "Request", kind: "main", cell: requestPieces },
  { name: "Phase", kind: "state", cell: phasePieces },
  { name: "Received", kind: "numeric", cell: ({ receivedBytes }) => bytes(receivedBytes) },
  { name: "Sent", kind: "numeric", cell: ({ sentBytes }) => bytes(sentBytes) },
  { name: "Tokens", kind: "numeric", cell: ({ tokens }) => count(tokens) },
];

// The rule only if it does not repeat the request.
function requestPieces({ method, route, rule }) {
  const request = [piece("b", clean(method ?? "")), word(route ?? none)];
  return rule && rule !== `${method} ${route}` ? [...request, piece("small", `by ${clean(rule)}`, "muted")] : request;
}

function phasePieces({ phase }) {
  const isKnown = Object.hasOwn(phases, phase);
  return [piece("span", isKnown ? phases[phase] : clean(phase ?? none), isKnown ? `phase ${phase}` : "phase")];
}

function showFlight(gate) {
  setText(byId("flight-count"), isNumber(gate.flightCount) ? count(gate.flightCount) : "");
  const requests = (gate.flight ?? []).toSorted((a, b) => b.ageSeconds - a.ageSeconds);
  const sentence =
    gate.flight === undefined
      ? "This gate reports how many requests are in flight, but not which."
      : "No request is in flight.";
  const requestKey = ({ peer, listener, method, route }) => key(peer, listener, method, route);
  fillTable(byId("flight"), flightColumns, requests.slice(0, flightMax), requestKey, sentence);
  const all = Math.max(gate.flightCount ?? 0, requests.length);
  setMore("flight", all - Math.min(requests.length, flightMax), gate.flight);
}

const refusedColumns = [
  { name: "Requests", kind: "numeric", cell: ({ count: n }) => count(n) },
  { name: "Route", kind: "main", cell: ({ method, path }) => [piece("b", clean(method ?? "")), word(path ?? none)] },
  { name: "What would open it", kind: "block", cell: ({ cure }) => curePieces(cure) },
];

// The rule in a cure is a string as the config file has it: add "POST /api/chat" to "allow" in fastgate.json.
function curePieces(cure) {
  if (typeof cure !== "string" || cure === "") return [piece("span", "nothing: no rule can allow it", "muted")];
  if (/^(@|[A-Z,]+ \/)\S*$/.test(cure)) return [word(cure), piece("span", " "), copy(JSON.stringify(cure))];
  const text = clean(cure, 400);
  const parts = text.split(/("[^"]*")/);
  const pieces = parts.map((part) => (part.startsWith('"') ? code(part) : piece("span", part)));
  const added = /\badd ("[^"]*")/.exec(text);
  return added ? [...pieces, piece("span", " "), copy(added[1])] : pieces;
}

function showRefused(gate) {
  const routes = (gate.refusedRoutes ?? []).toSorted((a, b) => b.count - a.count).slice(0, refusedMax);
  const sentence =
    gate.refusedRoutes === undefined
      ? "This gate does not report which routes it has refused; its access log does: fastgate logs --refused."
      : "No route was refused.";
  fillTable(byId("refused"), refusedColumns, routes, ({ method, path }) => key(method, path), sentence);
}

const ruleColumns = [
  { name: "Requests", kind: "numeric", cell: ({ count: n }) => count(n) },
  {
    name: "Rule",
    kind: "main",
    cell: ({ rule, inForce }) => [
      word(rule ?? none),
      piece("small", inForce === false ? "no longer in force" : "", "muted"),
    ],
  },
  { name: "Median", kind: "numeric", cell: ({ p50Seconds }) => time(p50Seconds) },
  { name: "99 %", kind: "numeric", cell: ({ p99Seconds }) => time(p99Seconds) },
];

function showRules(gate) {
  const rules = new Map();
  for (const { rule, count: n, inForce } of gate.listeners.flatMap((listener) => list(listener.ruleCounts))) {
    const sum = rules.get(rule) ?? { rule, count: 0, inForce: false };
    rules.set(rule, { rule, count: sum.count + (isNumber(n) ? n : 0), inForce: sum.inForce || inForce !== false });
  }
  for (const { rule, p50Seconds, p99Seconds } of gate.firstByte ?? [])
    if (rules.has(rule)) Object.assign(rules.get(rule), { p50Seconds, p99Seconds });
  const used = [...rules.values()].filter(({ count: n }) => n > 0).sort((a, b) => b.count - a.count);
  const sentence = "No rule has allowed a request.";
  fillTable(byId("rules"), ruleColumns, used.slice(0, rulesMax), ({ rule }) => key(rule), sentence);
  setMore("rules", used.length - rulesMax, gate.listeners);
}

const peerColumns = [
  { name: "Client", kind: "main", cell: ({ peer }) => [word(peer ?? none)] },
  { name: "In flight", kind: "numeric", cell: ({ inFlight }) => count(inFlight) },
  { name: "Oldest", kind: "numeric", cell: ({ ageSeconds }) => duration(ageSeconds) },
  { name: "Received", kind: "numeric", cell: ({ receivedBytes }) => bytes(receivedBytes) },
  { name: "Sent", kind: "numeric", cell: ({ sentBytes }) => bytes(sentBytes) },
];

function showPeers(gate) {
  const peers = new Map();
  for (const { peer, ageSeconds, receivedBytes, sentBytes } of gate.flight ?? []) {
    const sum = peers.get(peer) ?? { peer, inFlight: 0, ageSeconds: 0, receivedBytes: 0, sentBytes: 0 };
    sum.inFlight++;
    sum.ageSeconds = Math.max(sum.ageSeconds, ageSeconds ?? 0);
    sum.receivedBytes += receivedBytes ?? 0;
    sum.sentBytes += sentBytes ?? 0;
    peers.set(peer, sum);
  }
  const busiest = [...peers.values()].sort((a, b) => b.inFlight - a.inFlight || b.ageSeconds - a.ageSeconds);
  const sentence =
    gate.flight === undefined
      ? "This gate does not report which clients it serves; its access log does: fastgate logs."
      : "No client has a request in flight.";
  fillTable(byId("peers"), peerColumns, busiest.slice(0, rowsMax), ({ peer }) => key(peer), sentence);
  setMore("peers", busiest.length - rowsMax, gate.flight);
}

const listenerColumns = [
  {
    name: "Listener",
    kind: "main",
    cell: ({ name, bound }) => [
      word(name ?? none),
      ...(Array.isArray(bound) ? bound : [])
        .filter((address) => address !== name)
        .map((address) => piece("small", clean(address), "muted mono")),
    ],
  },
  { name: "Rules", kind: "numeric", cell: ({ rules }) => count(rules) },
  { name: "Open", kind: "numeric", cell: ({ connectionsOpen }) => count(connectionsOpen) },
  { name: "Rejected", kind: "numeric", cell: ({ connectionsRejected }) => count(total(connectionsRejected)) },
  { name: "Requests", kind: "numeric", cell: ({ verdicts }) => count(total(verdicts)) },
  { name: "Sent", kind: "numeric", cell: ({ bytesSent }) => bytes(bytesSent) },
];

const total = (counts) => list(counts).reduce((all, { count: n }) => all + (isNumber(n) ? n : 0), 0);

function showListeners(gate) {
  fillTable(
    byId("listeners"),
    listenerColumns,
    gate.listeners.slice(0, rowsMax),
    ({ name }) => key(name),
    "This gate has no listener.",
  );
  setMore("listeners", gate.listeners.length - rowsMax, gate.listeners);
}

const agentColumns = [
  { name: "Agent", kind: "main", cell: ({ name }) => [word(name ?? none)] },
  { name: "State", cell: ({ state }) => clean(state ?? none) },
  { name: "Tunnels", kind: "numeric", cell: ({ tunnels }) => count(tunnels) },
  { name: "In flight", kind: "numeric", cell: ({ inFlight }) => count(inFlight) },
];

function showAgents(gate) {
  const agents = list(gate.relayAgents);
  byId("agents").closest("section").hidden = agents.length === 0;
  fillTable(byId("agents"), agentColumns, agents.slice(0, rowsMax), ({ name }) => key(name), "No agent is connected.");
  setMore("agents", agents.length - rowsMax, agents);
}

/** Says below a table how many items it leaves out. */
function setMore(id, left, isKnown) {
  const more = byId(id).parentElement.querySelector(".more");
  more.hidden = !isKnown || left <= 0;
  setText(more, more.hidden ? "" : `and ${count(left)} more`);
}
