/** A word, number, string, operator or sign of SQL, lower-cased where case does not matter, with its place in the text. */
export type Token = { text: string; from: number; to: number; kind: "word" | "string" | "number" | "sign" };

const pattern = new RegExp(
  [
    /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<dollar>\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)/,
    /(?<string>[eEbBxX]?'(?:[^']|'')*')/,
    /(?<quoted>"(?:[^"]|"")*")/,
    /(?<word>[\p{L}_][\p{L}\p{N}_$]*)/u,
    /(?<number>\d+(?:\.\d+)?)/,
    /(?<sign>:=|=>|::|\.\.|[-+*/<>=~!@#%^&|?]+|[()[\],;.:])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gsu",
);

/** What a text of SQL or PL/pgSQL is made of, without comments and white space. A dollar-quoted text is one string. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(pattern)) {
    const groups = match.groups ?? {};
    if (groups.comment !== undefined) continue;
    const place = { from: match.index, to: match.index + match[0].length };
    if (groups.dollar !== undefined || groups.string !== undefined)
      tokens.push({ ...place, kind: "string", text: match[0] });
    else if (groups.number !== undefined) tokens.push({ ...place, kind: "number", text: match[0] });
    else if (groups.sign !== undefined) tokens.push(...signs(match[0], match.index));
    else tokens.push({ ...place, kind: "word", text: groups.quoted ?? match[0].toLowerCase() });
  }
  return tokens;
}

/** A minus or plus behind another operator is a sign of its own: `<-1` compares with minus one. */
function signs(text: string, from: number): Token[] {
  const parts = /^([<>=]+)([-+])$/.exec(text);
  const texts = parts ? parts.slice(1) : [text];
  let at = from;
  return texts.map((part) => {
    const token: Token = { text: part, from: at, to: at + part.length, kind: "sign" };
    at += part.length;
    return token;
  });
}
