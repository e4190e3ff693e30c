import { z } from "zod";

/**
 * The language of templates, version 1, for frontends that write or show them (FRM-02). The database decides what a template
 * may say (`app_private.content_problems`); this says what can be said of it by shape alone. What it cannot say: that
 * keys are unique, and what a condition, a score or a link to a profile may name.
 */
const key = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/)
  .meta({ description: "The key, unique in the template." });

const said = z.string().min(1).max(10_000);
const text = z
  .union([
    z.strictObject({ ro: said, en: said.optional() }),
    z.strictObject({ en: said, ro: said.optional() }),
  ])
  .meta({ id: "Text", description: "A text in Romanian, in English or in both. Text, never markup." });

const scalar = z.union([z.string().max(1000), z.number(), z.boolean()]);
const field = z
  .string()
  .meta({ description: "A field that was declared before, of the same level or around it." });
const condition = z
  .union([
    z.strictObject({
      get all() {
        return z.array(condition).min(1).max(50);
      },
    }),
    z.strictObject({
      get any() {
        return z.array(condition).min(1).max(50);
      },
    }),
    z.strictObject({
      get not() {
        return condition;
      },
    }),
    z.strictObject({ field, op: z.enum(["answered", "not_answered"]) }),
    z.strictObject({ field, op: z.enum(["equals", "not_equals"]), value: scalar }),
    z.strictObject({ field, op: z.literal("in"), value: z.array(scalar).min(1).max(200) }),
    z.strictObject({ field, op: z.literal("contains"), value: z.string() }),
    z.strictObject({
      field,
      op: z.enum(["greater", "less", "at_least", "at_most"]),
      value: z.union([z.number(), z.iso.date()]),
    }),
  ])
  .meta({
    id: "Condition",
    description:
      "When an item is shown, at most five conditions within each other. A field that is hidden or was not answered fulfils not_answered and nothing else.",
  }) as z.ZodType;

const common = { key, help: text.optional(), visible_if: condition.optional() };
const asked = { ...common, label: text, required: z.boolean().optional() };
const custom = { custom_field: key.optional().meta({ description: "A field of the clinic, by its key." }) };
const profile = (...fields: [string, ...string[]]) => ({
  profile_field: z.enum(fields).optional().meta({ description: "Where the answer comes from and goes to." }),
});
const whole = z.int().min(-1_000_000_000).max(1_000_000_000);
const decimal = z.number().min(-1_000_000_000).max(1_000_000_000);
const length = z.int().min(0).max(10_000).optional();
const options = z
  .array(
    z.strictObject({
      value: z.string().min(1).max(100),
      label: text,
      score: z.number().min(-1_000_000).max(1_000_000).optional(),
    }),
  )
  .min(1)
  .max(200);

const item = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("text"),
      ...asked,
      ...custom,
      ...profile("given_name", "family_name"),
      min_length: length,
      max_length: length,
    }),
    z.strictObject({
      type: z.literal("long_text"),
      ...asked,
      ...custom,
      min_length: length,
      max_length: length,
    }),
    z.strictObject({ type: z.literal("email"), ...asked, ...custom, ...profile("email") }),
    z.strictObject({ type: z.literal("phone"), ...asked, ...custom, ...profile("phone") }),
    z.strictObject({
      type: z.literal("integer"),
      ...asked,
      ...custom,
      min: whole.optional(),
      max: whole.optional(),
    }),
    z.strictObject({
      type: z.literal("number"),
      ...asked,
      ...custom,
      min: decimal.optional(),
      max: decimal.optional(),
    }),
    z.strictObject({
      type: z.literal("scale"),
      ...asked,
      ...custom,
      min: whole,
      max: whole,
      min_label: text.optional(),
      max_label: text.optional(),
    }),
    z.strictObject({ type: z.literal("boolean"), ...asked, ...custom }),
    z.strictObject({
      type: z.literal("date"),
      ...asked,
      ...custom,
      ...profile("birth_date"),
      min: z.iso.date().optional(),
      max: z.iso.date().optional(),
    }),
    z.strictObject({ type: z.literal("choice"), ...asked, ...custom, options }),
    z.strictObject({
      type: z.literal("choices"),
      ...asked,
      ...custom,
      options,
      min_chosen: z.int().min(0).max(200).optional(),
      max_chosen: z.int().min(0).max(200).optional(),
    }),
    z.strictObject({ type: z.literal("file"), ...asked, max_files: z.int().min(1).max(20).optional() }),
    z.strictObject({ type: z.literal("statement"), ...common, label: text.optional(), text }),
    z.strictObject({
      type: z.literal("group"),
      ...common,
      label: text,
      get items() {
        return z.array(item).min(1).max(500);
      },
      repeat: z
        .strictObject({
          min: z.int().min(0).max(100).optional(),
          max: z.int().min(0).max(100).optional(),
        })
        .optional()
        .meta({ description: "Answered by a list of entries under the key of the group." }),
    }),
  ])
  .meta({
    id: "Item",
    description: "What is asked, told, or asked together. Groups hold groups once.",
  }) as z.ZodType;

const score = z
  .strictObject({
    key,
    label: text,
    method: z.enum(["sum", "mean", "max"]),
    fields: z.array(key).min(1).max(200),
    min_answered: z.int().min(1).optional(),
    direction: z.enum(["lower_is_better", "higher_is_better"]),
    version: z.int().min(1).max(1_000_000),
    range: z.tuple([z.number(), z.number()]).optional(),
  })
  .meta({ id: "Score", description: "What answers come to; null where fewer than min_answered were given." });

/** What stands in `content` of a template and in `snapshot` of a form. */
export const contentSchema = z
  .strictObject({
    format: z.literal(1),
    title: text,
    intro: text.optional(),
    intent: text.optional().meta({ description: "What whoever signs says by it." }),
    items: z.array(item).min(1).max(500),
    scores: z.array(score).max(20).optional(),
  })
  .meta({ title: "Content of a form, version 1", description: "200,000 bytes and 500 items in all." });

/** The same as JSON Schema: `GET /form-content.schema.json`, and docs/form-content.schema.json. */
export function contentJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(contentSchema, { io: "input" }) as Record<string, unknown>;
}
