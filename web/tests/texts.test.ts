import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, test } from "vitest";

// FND-29: pages speak Romanian and English, and say nothing that nobody wrote down.

const web = path.join(import.meta.dirname, "..");
const read = (name: string) => readFileSync(path.join(web, name), "utf8");
const areas = globSync("texts/*/", { cwd: web }).map((folder) => path.basename(folder));
const sources = globSync(
  "{pages,automations,billing,billing_admin,components,exercises,forms,rules,schema_form,service_keys,signing,booking,templates,treatment}/**/*.{ts,tsx}",
  { cwd: web },
);

/** What fills a text: the names between its braces. */
function valuesOf(text: string, locale: string): string[] {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) walk(one);
    else if (typeof node === "object" && node !== null) {
      const { type, value } = node as { type?: number; value?: unknown };
      if (type !== 0 && type !== 7 && typeof value === "string") names.add(value);
      for (const inner of Object.values(node)) walk(inner);
    }
  };
  walk(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe.each(areas)("the texts of %s", (area) => {
  const ro: Record<string, string> = JSON.parse(read(`texts/${area}/ro.json`));
  const en: Record<string, string> = JSON.parse(read(`texts/${area}/en.json`));

  test("say the same in both languages, filled by the same values", () => {
    expect(Object.keys(en)).toEqual(Object.keys(ro));
    for (const [key, text] of Object.entries(ro))
      expect([key, valuesOf(en[key] ?? "", "en-GB")]).toEqual([key, valuesOf(text, "ro-RO")]);
  });

  test("are all said somewhere: as they are, or by a beginning that the code goes on from", () => {
    const users = sources.filter((name) => read(name).includes(`texts/${area}/index.ts`)).map(read);
    expect(users.length).toBeGreaterThan(0);
    const unused = Object.keys(ro).filter((key) => {
      const begins = [...key.matchAll(/_/g)].map(({ index }) => `\`${key.slice(0, index + 1)}$\{`);
      // The reasons of problems are keys themselves.
      return !users.some((text) => text.includes(`"${key}"`) || begins.some((begin) => text.includes(begin)));
    });
    expect(unused).toEqual([]);
  });

  test("write Romanian with comma below, and nothing that is markup", () => {
    expect(Object.entries(ro).filter(([, text]) => /[şţŞŢ]/.test(text))).toEqual([]);
    expect(Object.entries({ ...ro, ...en }).filter(([, text]) => /[<>]/.test(text))).toEqual([]);
  });
});
