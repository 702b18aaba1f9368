import { escapeMarkup } from "./escape-markup";
import { formatProblem } from "./format-table";
import type { HandshakeRow } from "./handshake-row";

/** The rows as JUnit XML, which CI servers show: a suite for each host, a case for each plugin and service. */
export function formatJunit(rows: readonly HandshakeRow[]): string {
  const suites = new Map<string, HandshakeRow[]>();
  for (const row of rows) {
    const name = row.host ?? row.contract;
    suites.set(name, [...(suites.get(name) ?? []), row]);
  }
  const totals = (list: readonly HandshakeRow[]): string =>
    `tests="${list.length}" failures="${list.filter(isBroken).length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="handshake" ${totals(rows)}>`,
    ...[...suites].flatMap(([name, list]) => [
      `  <testsuite name="${escapeMarkup(name)}" ${totals(list)}>`,
      ...list.flatMap(testCase),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(row: HandshakeRow): string[] {
  const attributes = `classname="${escapeMarkup(row.service)}" name="${escapeMarkup(row.plugin)}"`;
  if (!isBroken(row)) return [`    <testcase ${attributes}/>`];
  return [
    `    <testcase ${attributes}>`,
    ...row.problems.map(
      (problem) => `      <failure message="${escapeMarkup(formatProblem(row, problem))}"/>`,
    ),
    "    </testcase>",
  ];
}

function isBroken({ problems }: HandshakeRow): boolean {
  return problems.length > 0;
}
