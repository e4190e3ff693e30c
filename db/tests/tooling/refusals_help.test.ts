import { describe, expect, test } from "vitest";
import { readSources } from "../../migrating/sources.ts";

/** The arguments of each call of app_hidden.refuse in a source, apart by the commas that stand in no quote or bracket. */
function refusalsOf(text: string): string[][] {
  const calls: string[][] = [];
  for (const { index } of text.matchAll(/app_hidden\.refuse\(/g)) {
    const args = [""];
    let depth = 1;
    let isQuoted = false;
    for (let at = text.indexOf("(", index) + 1; depth > 0 && at < text.length; at += 1) {
      const sign = text[at] as string;
      if (sign === "'") isQuoted = !isQuoted;
      else if (!isQuoted && sign === "(") depth += 1;
      else if (!isQuoted && sign === ")") depth -= 1;
      if (!isQuoted && sign === "," && depth === 1) args.push("");
      else if (depth > 0) args[args.length - 1] += sign;
    }
    calls.push(args.map((arg) => arg.trim()));
  }
  return calls;
}

describe("FND-29: whoever is refused is told what helps", () => {
  test("every refusal of a function has a hint", () => {
    const mute = readSources().flatMap(({ name, text }) =>
      refusalsOf(text)
        .filter(([, , , hint]) => !hint || /^(null|'\s*')$/.test(hint))
        .map((args) => `${name}: ${args.slice(0, 2).join(" ")}`),
    );
    expect(mute).toEqual([]);
  });

  test("a call without one is found, whatever stands in its quotes and brackets", () => {
    const source = `
      perform app_hidden.refuse('STATE', 'a_b', '{"a": "b, c"}', 'Say (this), or that.');
      perform app_hidden.refuse('STATE', 'c_d', jsonb_build_object('a', 1, 'b', 'it''s, it'));
      perform app_hidden.refuse('STATE', 'e_f');`;
    expect(refusalsOf(source).map((args) => args.length)).toEqual([4, 3, 2]);
  });
});
