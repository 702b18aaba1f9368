import { escapeMarkup as escape } from "./escape-markup";
import { callsOf, formatProblem } from "./format-table";
import type { HandshakeRow } from "./handshake-row";

/** One host of a contract, or its own SDK, and a service: a column of the matrix. */
interface Column {
  readonly host: string | null;
  readonly service: string;
  readonly hostVersions: readonly number[];
}

/**
 * The rows as a page for people, for each contract the matrix of its plugins and hosts. It is one file, of which nothing is loaded
 * or run, so that the servers of a CI, which often forbid both, can show it.
 */
export function formatHtml(rows: readonly HandshakeRow[]): string {
  const broken = rows.filter(isBroken);
  const summary =
    rows.length === 0
      ? "There is no plugin to check."
      : broken.length === 0
        ? `All fit: ${rows.length} of ${rows.length}.`
        : `${broken.length} of ${rows.length} do not fit.`;
  const contracts = distinct(rows.map(({ contract }) => contract));
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>Handshake: ${broken.length === 0 ? "ok" : `${broken.length} failed`}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    "<h1>Do plugins and hosts fit together?</h1>",
    `<p class="${broken.length === 0 ? "ok" : "failed"}">${summary}</p>`,
    ...(broken.length === 0 ? [] : problemList(broken)),
    ...contracts.flatMap((contract, index) =>
      matrix(
        contract,
        index,
        rows.filter((row) => row.contract === contract),
        broken,
      ),
    ),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function problemList(broken: readonly HandshakeRow[]): string[] {
  return [
    '<h2 id="problems">What is wrong</h2>',
    "<ul>",
    ...broken.map((row, index) => {
      const problems = row.problems.map((problem) => escape(formatProblem(row, problem)));
      return `<li id="problem-${index + 1}">${problems.join("<br>")}</li>`;
    }),
    "</ul>",
  ];
}

function matrix(
  contract: string,
  index: number,
  rows: readonly HandshakeRow[],
  broken: readonly HandshakeRow[],
): string[] {
  const columns = new Map(rows.map((row) => [columnKey(row), row as Column]));
  const id = `contract-${index + 1}`;
  return [
    `<h2 id="${id}">${escape(contract)}</h2>`,
    // It scrolls where it is wider than the page, by the keyboard too.
    `<div role="region" aria-labelledby="${id}" tabindex="0">`,
    "<table>",
    "<caption>Plugins, and what they were checked against</caption>",
    "<thead>",
    "<tr>",
    '<th scope="col">plugin</th>',
    ...[...columns.values()].map(columnHead),
    "</tr>",
    "</thead>",
    "<tbody>",
    ...distinct(rows.map(({ plugin }) => plugin)).flatMap((plugin) => [
      "<tr>",
      `<th scope="row">${escape(plugin)}</th>`,
      ...[...columns.keys()].map((key) =>
        cell(
          rows.find((row) => row.plugin === plugin && columnKey(row) === key),
          broken,
        ),
      ),
      "</tr>",
    ]),
    "</tbody>",
    "</table>",
    "</div>",
  ];
}

function columnHead({ host, service, hostVersions }: Column): string {
  const versions = hostVersions.map((version) => `v${version}`).join(", ") || "no version";
  const name = host === null ? "no host" : escape(host);
  return `<th scope="col">${name}<br><small>${escape(service)} ${versions}</small></th>`;
}

function cell(row: HandshakeRow | undefined, broken: readonly HandshakeRow[]): string {
  if (row === undefined) return "<td>not checked</td>";
  const version = row.pluginVersion === null ? "" : ` v${row.pluginVersion}`;
  const details = `<br><small>${row.calls.length === 0 ? "no calls" : callsOf(row)}</small>`;
  const number = broken.indexOf(row) + 1;
  return number === 0
    ? `<td class="ok">\u2713 ok${version}${details}</td>`
    : `<td class="failed"><a href="#problem-${number}">\u2717 failed${version}</a>${details}</td>`;
}

function columnKey({ host, service, hostVersions }: Column): string {
  return JSON.stringify([host, service, hostVersions]);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function isBroken({ problems }: HandshakeRow): boolean {
  return problems.length > 0;
}

/** Colors have a contrast of 4.5 to 1 at least, in the light and in the dark; none of them says what a word does not. */
const STYLE = `
:root { color-scheme: light dark; --ok: #0a6b2d; --failed: #b3141d; --line: #8a8f98; }
@media (prefers-color-scheme: dark) { :root { --ok: #5fd08a; --failed: #ff8a8a; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
[role=region] { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: start; padding-bottom: 0.5rem; }
th, td { border: 1px solid var(--line); padding: 0.4rem 0.8rem; text-align: start; vertical-align: top; }
th small { font-weight: normal; }
td { white-space: nowrap; }
.ok { color: var(--ok); }
.failed, .failed a { color: var(--failed); font-weight: bold; }
small { color: CanvasText; font-weight: normal; }
li:target { outline: 2px solid var(--failed); }
`;
