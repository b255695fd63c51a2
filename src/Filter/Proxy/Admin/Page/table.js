// Tables and lists that keep their rows, focus and selection while their data changes. All text is set as text.

const signatures = new WeakMap();
const partMax = 32;

/** A piece of a cell: an element's name, its text, and its class. */
export function piece(tag, text, name = "") {
  return { tag, text, name };
}

/** Code that may be broken after a slash or a colon, and elsewhere only if a part is longer than a line should be. */
export function code(text) {
  const parts = text.split(/(?<=[/:])/);
  return { tag: "code", text, name: parts.some((part) => part.length > partMax) ? "long" : "", parts };
}

/** A button that copies its text. */
export function copy(text) {
  return { tag: "button", text: "Copy", name: "copy", copies: text };
}

/**
 * Shows items as rows. Rows are kept by key, so that a focused button stays where it is.
 * @param table a table, empty at first
 * @param columns [{ name, kind, cell(item) => text or pieces }] where kind is "numeric", or on a narrow screen "main"
 *   for the cell that comes first, "block" for one that has a line of its own, and "state" for one without its name
 * @param items the rows
 * @param key (item) => what identifies a row
 * @param empty what is shown in place of the table when there are no items
 */
export function fillTable(table, columns, items, key, empty) {
  showEmpty(table, items.length === 0 ? empty : "");
  if (table.tHead === null) addHead(table, columns);
  const body = table.tBodies[0];
  const seen = new Map();
  const keyed = items.map((item) => {
    const same = key(item);
    seen.set(same, (seen.get(same) ?? 0) + 1);
    return [`${seen.get(same)} ${same}`, item];
  });
  const wanted = new Set(keyed.map(([id]) => id));
  const rows = new Map();
  // First, so that the rows that stay need not move: moving a row takes the focus out of it.
  for (const row of [...body.rows]) {
    if (wanted.has(row.dataset.key)) rows.set(row.dataset.key, row);
    else row.remove();
  }
  let place = body.firstElementChild;
  for (const [id, item] of keyed) {
    const row = rows.get(id) ?? newRow(id, columns);
    if (row === place) place = place.nextElementSibling;
    else body.insertBefore(row, place);
    for (const [index, column] of columns.entries()) setPieces(row.cells[index], column.cell(item));
  }
}

/** Shows a sentence in place of a table or chart; none for "". */
export function showEmpty(element, sentence) {
  const empty = element.parentElement.querySelector(".empty");
  empty.hidden = sentence === "";
  setText(empty, sentence);
  element.toggleAttribute("hidden", sentence !== "");
}

/** Shows items as a list of pieces. */
export function fillList(list, items) {
  while (list.children.length > items.length) list.lastElementChild.remove();
  while (list.children.length < items.length) list.append(document.createElement("li"));
  for (const [index, pieces] of items.entries()) setPieces(list.children[index], pieces);
}

/** Shows terms with their values. */
export function fillTerms(list, terms) {
  while (list.children.length > terms.length) list.lastElementChild.remove();
  while (list.children.length < terms.length) {
    const group = document.createElement("div");
    group.append(document.createElement("dt"), document.createElement("dd"));
    list.append(group);
  }
  for (const [index, { name, value, detail, tone }] of terms.entries()) {
    const [term, definition] = list.children[index].children;
    setText(term, name);
    list.children[index].className = tone ?? "";
    setPieces(definition, [piece("b", value), piece("small", detail ?? "")]);
  }
}

/** Sets an element's text, and leaves an equal one alone, so that no screen reader repeats it. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setPieces(element, content) {
  const pieces = typeof content === "string" ? [piece("span", content)] : content;
  const signature = JSON.stringify(pieces);
  if (signatures.get(element) === signature) return;
  signatures.set(element, signature);
  element.replaceChildren(...pieces.filter(({ text }) => text !== "").map(elementOf));
}

function elementOf({ tag, text, name, copies, parts = [text] }) {
  const element = document.createElement(tag);
  element.className = name;
  for (const [index, part] of parts.entries()) {
    if (index > 0) element.append(document.createElement("wbr"));
    element.append(part);
  }
  if (copies !== undefined) {
    element.type = "button";
    element.dataset.copies = copies;
    element.setAttribute("aria-label", `Copy ${copies}`);
  }
  return element;
}

// The roles are stated, because a browser drops those of a table that a narrow screen lays out as blocks.
function addHead(table, columns) {
  const head = table.createTHead();
  head.setAttribute("role", "rowgroup");
  const row = head.insertRow();
  row.setAttribute("role", "row");
  for (const { name, kind } of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.setAttribute("role", "columnheader");
    cell.textContent = name;
    cell.className = kind ?? "";
    row.append(cell);
  }
  table.createTBody().setAttribute("role", "rowgroup");
}

function newRow(id, columns) {
  const row = document.createElement("tr");
  row.dataset.key = id;
  row.setAttribute("role", "row");
  for (const { name, kind } of columns) {
    const cell = row.insertCell();
    cell.setAttribute("role", "cell");
    cell.dataset.name = name;
    cell.className = kind ?? "";
  }
  return row;
}
