/** A row as texts, the way PostgreSQL reads them; null where nothing stands. */
export type TextRow = Record<string, string | null>;

/** Wider cells are not filled up: what a person cannot take in at once needs no edge. */
const widest = 60;

/** Rows as the aligned table that app_private.rows_in() reads, as an SQL literal. */
export function rowText(columns: string[], rows: TextRow[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  for (const cell of lines.flat()) {
    if (/\n|(^|\s)\|(\s|$)|^\s|\s$/.test(cell)) throw new Error(`This stands in no table: ${cell}`);
  }
  const widths = columns.map((_, at) =>
    Math.min(widest, Math.max(...lines.map((cells) => (cells[at] ?? "").length))),
  );
  const text = lines.map((cells) =>
    `  ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")}`.trimEnd(),
  );
  text.splice(1, 0, `  ${widths.map((width) => "-".repeat(width)).join("-+-")}`);
  return literal(`\n${text.join("\n")}\n`);
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
