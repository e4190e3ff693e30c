import { median, type Row, time } from "../row.ts";

const types = [
  { type: "text", max_length: 200 },
  { type: "scale", min: 0, max: 10 },
  { type: "choice", options: ["a", "b", "c", "d", "e"].map((value) => ({ value, label: { ro: value } })) },
  { type: "boolean" },
  { type: "date", min: "1900-01-01", max: "2100-01-01" },
];
const answers = ["Două rânduri de text", 7, "c", true, "1980-05-17"];

/** A hundred fields of every common type, each third shown by an answer before it, all answered. */
const items = Array.from({ length: 100 }, (_, place) => ({
  key: `f${place}`,
  label: { ro: `Întrebarea ${place}` },
  required: true,
  ...types[place % types.length],
  ...(place % 3 === 2 && { visible_if: { any: [{ field: "f1", op: "greater", value: 3 }] } }),
}));
const form = [
  JSON.stringify({ format: 1, title: { ro: "Formular" }, items }),
  JSON.stringify(Object.fromEntries(items.map(({ key }, place) => [key, answers[place % answers.length]]))),
];

/** FRM-04. Without the way there and back and the reading of the parameters, which is measured beside it each time. */
export default {
  claim: "validation of a form of 100 fields",
  unit: "ms",
  goal: { atMost: 5 },
  async measure({ admin, short }) {
    const ask = async (name: string, text: string) => {
      const began = performance.now();
      const { rows } = await admin.query({ name, text, values: form });
      return { took: performance.now() - began, found: rows[0].found as number };
    };
    const more: number[] = [];
    const bare: number[] = [];
    let found = Number.NaN;
    await time(short ? 1 : 200, async (run) => {
      const validated = await ask(
        "validation",
        "select count(*)::int as found from app_private.form_problems($1::jsonb, $2::jsonb, true)",
      );
      const nothing = await ask(
        "nothing",
        "select count(*)::int as found from jsonb_object_keys($2::jsonb) where $1::jsonb is null",
      );
      found = validated.found;
      if (run < 0) return;
      more.push(validated.took - nothing.took);
      bare.push(nothing.took);
    });
    return {
      // One run of the short form may be the faster for validating.
      measured: Math.max(median(more), median(bare) / 100),
      against: { what: "for sending the same and reading nothing", value: median(bare) },
      conditions: { "all answers are right": found === 0 },
    };
  },
} satisfies Row;
