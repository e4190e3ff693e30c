/** SQL without its comments. Strings keep their place, so that comment signs in them stay text. */
export function withoutComments(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith("'") ? found : " ",
  );
}

/** True when there is nothing to execute: only comments and space. */
export function isBlank(sql: string): boolean {
  return withoutComments(sql).trim() === "";
}
