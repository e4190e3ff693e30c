import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, expectTypeOf, it } from "vitest";
import { readSources } from "../../../db/migrating/sources.ts";
import { outcomes } from "../../integrations/outcomes.ts";
import type { ErrorCode, ErrorExtensions, ErrorReason, Refusals } from "../generated.ts";
import { refusalsInSql, writtenRefusals } from "../sources.ts";
import { codeTexts } from "../texts/codes.ts";
import { areas, texts } from "../texts/index.ts";
import { languages, type Text } from "../texts/text.ts";
import { bare, fill } from "../written.ts";

const all: [key: string, text: Text][] = [...texts, ...Object.entries<Text>(codeTexts)];

type Element = ReturnType<IntlMessageFormat["getAst"]>[number];

/** Everything a pattern is made of, its branches included. */
function elementsOf(pattern: string): Element[] {
  const inside = (elements: Element[]): Element[] =>
    elements.flatMap((element) => [
      element,
      ...("options" in element ? Object.values(element.options).flatMap(({ value }) => inside(value)) : []),
    ]);
  return inside(new IntlMessageFormat(pattern, "ro", undefined, { ignoreTag: true }).getAst());
}

const PLURAL = 6;
const SELECT = 5;
const POUND = 7;
const LITERAL = 0;

function namesOf(pattern: string): string[] {
  const names = elementsOf(pattern).flatMap((element) =>
    element.type !== LITERAL && element.type !== POUND && "value" in element ? [String(element.value)] : [],
  );
  return [...new Set(names)].sort();
}

describe("FND-29: every refusal has words", () => {
  it("in the sources and in server/errors/texts there are the same refusals", () => {
    const written = new Set(writtenRefusals().map(({ code, reason }) => `${code} ${reason}`));
    expect(written.size).toBeGreaterThan(250);
    expect([...written].filter((key) => !texts.has(key))).toEqual([]);
    expect([...texts.keys()].filter((key) => !written.has(key))).toEqual([]);
  });

  it("each in one area", () => {
    expect(Object.values(areas).flatMap((area) => Object.keys(area)).length).toBe(texts.size);
  });

  it("whose details are those that the sources give", () => {
    const wrong = writtenRefusals().flatMap(({ code, reason, file, details }) => {
      if (!details) return [];
      const declared = texts.get(`${code} ${reason}`)?.details ?? {};
      const unknown = details.filter((name) => !(name in declared));
      const missing = Object.entries(declared)
        .filter(([name, kind]) => !kind.endsWith("?") && !details.includes(name))
        .map(([name]) => `no ${name}`);
      return [...unknown, ...missing].map((problem) => `${file}: ${reason}: ${problem}`);
    });
    expect(wrong).toEqual([]);
  });

  it("and none brings its own", () => {
    const calls = readSources().flatMap(({ text }) =>
      [...text.matchAll(/\brefuse\([^;]*;/g)].map(([call]) => call),
    );
    expect(calls.length).toBeGreaterThan(200);
    // Words are written with a space between them and end in a full stop.
    expect(calls.filter((call) => /'[^']* [^']*\.'/.test(call))).toEqual([]);
  });

  it("outcomes of tests with vendors have them, too", () => {
    for (const text of Object.values(outcomes))
      for (const language of languages) expect(text[language]).toMatch(/\.$/);
  });
});

/** Expects it of every text; a failure names the text. */
const each = (check: (text: Text, key: string) => void) => () => {
  for (const [key, text] of all) {
    try {
      check(text, key);
    } catch (error) {
      throw new Error(`${key}: ${(error as Error).message}`, { cause: error });
    }
  }
};

describe("FND-29: every text", () => {
  it(
    "can be read in both languages and names details that there are",
    each((text) => {
      expect(namesOf(text.ro).filter((name) => !(name in (text.details ?? {})))).toEqual([]);
      expect(namesOf(text.en).filter((name) => !(name in (text.details ?? {})))).toEqual([]);
      // A rule that people broke is English where it has no shape: only Romanian leaves it out.
      const others = namesOf(text.en).filter((name) => !["rule", "type", "field"].includes(name));
      expect(others.filter((name) => !namesOf(text.ro).includes(name))).toEqual([]);
    }),
  );

  it(
    "says instants on a clock, and only what people can read",
    each((text) => {
      const kinds = new Map(Object.entries(text.details ?? {}).map(([name, kind]) => [name, bare(kind)]));
      for (const name of [...namesOf(text.ro), ...namesOf(text.en)]) {
        expect(kinds.get(name)).not.toBe("data");
        if (kinds.get(name) === "instant") expect(kinds.get("timezone")).toBe("timezone");
      }
    }),
  );

  it(
    "is whole sentences, with the letters of Romanian, and calls everybody dumneavoastră",
    each((text) => {
      for (const language of languages) {
        expect(text[language]).toMatch(/^[\p{Lu}{„]/u);
        expect(text[language]).toMatch(/[.)}]$/);
        expect(text[language]).not.toMatch(/ {2}|[şţŞŢ]|"\w+"(?!:)/);
      }
      expect(text.ro).not.toMatch(
        /(?<!\p{L})(poți|ai|ești|tău|ta|tale|te rog|alege|încearcă|reîncarcă)(?!\p{L})/iu,
      );
    }),
  );

  it(
    "has the forms of its language wherever it counts",
    each((text, key) => {
      for (const element of elementsOf(text.ro)) {
        if (element.type === PLURAL && "options" in element) {
          expect(Object.keys(element.options).sort()).toEqual(["few", "one", "other"]);
          const [other] = element.options.other?.value ?? [];
          const written = JSON.stringify(element.options.other?.value);
          if (other) expect(written, key).toMatch(/ de /);
        }
      }
      for (const element of elementsOf(text.en)) {
        if (element.type === PLURAL && "options" in element)
          expect(Object.keys(element.options).sort()).toEqual(["one", "other"]);
      }
    }),
  );

  it(
    "has the same cases in both languages, or says it all in one",
    each((text) => {
      const cases = (pattern: string) =>
        elementsOf(pattern)
          .filter((element) => element.type === SELECT && "options" in element)
          .map((element) => ("options" in element ? Object.keys(element.options).sort().join() : ""));
      const [ro, en] = [cases(text.ro), cases(text.en)];
      if (ro.length > 0 && en.length > 0) expect(ro[0]).toBe(en[0]);
    }),
  );

  it(
    "is written even where every detail is missing",
    each((text) => {
      for (const language of languages) expect(fill(text, {}, language)).toMatch(/\p{L}/u);
    }),
  );
});

describe("the reader of sources", () => {
  it("finds the reasons of a call, whatever stands in its quotes and brackets", () => {
    const source = `
      v_details jsonb := jsonb_build_object('field', field);
      perform app_hidden.refuse('STATE', 'a_b', '{"a": "b, c", "d": 1}');
      perform app_hidden.refuse('STATE', 'c_d', jsonb_build_object('a', (select 'x', 1), 'b', 'it''s, it'));
      perform app_hidden.refuse(
        'STATE', case x when 'y' then 'e_f' else 'g_h' end, v_details);
      if rule in ('i_j', 'k_l') then
        perform app_hidden.refuse('GONE', rule, v_problem);
      end if;
      perform app_hidden.refuse('GONE', 'm_n');
      perform app_hidden.refuse('GONE', other);`;
    expect(refusalsInSql(source).map(({ code, reason, details }) => [code, reason, details])).toEqual([
      ["STATE", "a_b", ["a", "d"]],
      ["STATE", "c_d", ["a", "b"]],
      ["STATE", "e_f", ["field"]],
      ["STATE", "g_h", ["field"]],
      ["GONE", "i_j", null],
      ["GONE", "k_l", null],
      ["GONE", "m_n", []],
      ["GONE", "other?", []],
    ]);
  });
});

describe("the types for frontends", () => {
  it("tell reasons by their code, and details by their reason", () => {
    expectTypeOf<"SLOT_TAKEN">().toExtend<ErrorCode>();
    expectTypeOf<ErrorReason<"SLOT_TAKEN">>().toEqualTypeOf<"no_resource" | "slot_taken">();
    expectTypeOf<Refusals["RATE_LIMITED"]["many_invitations"]>().toEqualTypeOf<{
      retryAfterSeconds: number;
    }>();
    const told = (refusal: ErrorExtensions): number =>
      refusal.reason === "many_invitations" ? refusal.details.retryAfterSeconds : 0;
    expect(
      told({
        code: "RATE_LIMITED",
        reason: "many_invitations",
        hint: "…",
        details: { retryAfterSeconds: 60 },
      }),
    ).toBe(60);
  });
});
