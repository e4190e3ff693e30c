import type pg from "pg";

/**
 * Where in a script the server stopped, and what it said. `completed` is the number of statements
 * that had run before.
 */
export function sqlError(
  error: pg.DatabaseError,
  sql: string,
  completed: number,
): { line: number; text: string } {
  const line = error.position
    ? sql.slice(0, Number(error.position) - 1).split("\n").length
    : statementLine(sql, completed);
  const text = [
    [error.code, error.message].filter(Boolean).join(" "),
    error.detail && `  detail: ${error.detail}`,
    error.hint && `  hint: ${error.hint}`,
    error.where && `  where: ${error.where.split("\n").slice(0, 3).join("\n         ")}`,
  ].filter(Boolean);
  return { line, text: text.join("\n") };
}

/** What may hold a semicolon that ends no statement: text, quoted names, comments, function bodies. */
const opaque =
  /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|\bbegin\s+atomic\b[\s\S]*?\bend\s*;/gi;

/**
 * The line on which a statement of a script begins, both counted from 0 and 1: most errors of DDL
 * come without a position, but the server tells how many statements it has completed.
 */
function statementLine(sql: string, index: number): number {
  // Blanked rather than cut, so that lines and offsets stay. A body in `begin atomic` keeps its end.
  const plain = sql.replace(opaque, (found) => {
    const blank = found.replace(/[^\n]/g, /^(--|\/\*)/.test(found) ? " " : "x");
    return found.endsWith(";") && !/^['"$-]/.test(found) ? `${blank.slice(0, -1)};` : blank;
  });
  let begins = 0;
  for (let statement = 0; statement < index; statement++) {
    const end = plain.indexOf(";", begins);
    if (end < 0) break;
    begins = end + 1;
  }
  const space = plain.slice(begins).search(/\S/);
  return sql.slice(0, begins + Math.max(space, 0)).split("\n").length;
}
