import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

// FND-29: the focus moves as something appears. An effect runs after the picture is drawn, and would take the focus from whoever has
// gone on meanwhile, with the key that they press.

const web = path.join(import.meta.dirname, "..");

/** What stands between the parentheses of each call of useEffect. */
function effectsOf(source: string): string[] {
  return [...source.matchAll(/\buseEffect\(/g)].map(({ index, 0: call }) => {
    const from = index + call.length;
    let depth = 1;
    let to = from;
    for (; depth > 0 && to < source.length; to++) {
      if (source[to] === "(") depth += 1;
      if (source[to] === ")") depth -= 1;
    }
    return source.slice(from, to - 1);
  });
}
const movesTheFocus = (source: string) => effectsOf(source).some((effect) => /\.focus\(/.test(effect));

test("no effect moves the focus; one of the layout does", () => {
  const sources = globSync("**/*.{ts,tsx}", { cwd: web }).filter((file) => !file.startsWith("tests"));
  expect(sources.filter((file) => movesTheFocus(readFileSync(path.join(web, file), "utf8")))).toEqual([]);
});

test("an effect that moves it is found, also behind others and with parentheses inside", () => {
  const harmless = "useEffect(() => void load(), []);";
  expect(movesTheFocus(`${harmless} useLayoutEffect(() => heading.current?.focus(), []);`)).toBe(false);
  expect(
    movesTheFocus(`${harmless} useEffect(() => { if (found(1)) heading.current?.focus(); }, [found]);`),
  ).toBe(true);
});
