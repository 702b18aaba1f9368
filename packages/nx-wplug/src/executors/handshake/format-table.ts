import type { HandshakeRow } from "./executor";

const HEADINGS = [
  "plugin",
  "service",
  "host",
  "plugin's",
  "missing exports",
  "unknown imports",
  "result",
];

/** The rows as a table of aligned columns. */
export function formatTable(rows: readonly HandshakeRow[]): string {
  const cells = [
    HEADINGS,
    ...rows.map((row) => [
      row.plugin,
      row.service,
      `v${row.hostVersion}`,
      row.pluginVersion === null ? "?" : `v${row.pluginVersion}`,
      row.missingExports.join(" ") || "-",
      row.unknownImports.join(" ") || "-",
      row.problems.length === 0 ? "ok" : "FAILED",
    ]),
  ];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
