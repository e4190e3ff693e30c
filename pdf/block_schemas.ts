import { z } from "zod";

const words = z.string().max(20_000);
const color = z.string().regex(/^#[0-9a-fA-F]{6}$/);
const align = z.enum(["left", "center", "right", "justify"]);
const size = z.number().min(5).max(48);
const width = z.number().min(1).max(100);

/** A piece of a paragraph: words, or the value of a field. */
const run = z.union([
  z.strictObject({ text: words, bold: z.boolean().optional(), italic: z.boolean().optional() }),
  z.strictObject({
    field: z.string().max(200),
    format: z.string().max(40).optional(),
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
  }),
]);
export type Run = z.output<typeof run>;

const runs = z.array(run);
const id = z.string().max(100);

const textual = { align: align.optional(), size: size.optional(), color: color.optional() };

const leaves = {
  heading: z.strictObject({
    type: z.literal("heading"),
    id,
    level: z.number().int().min(1).max(3).optional(),
    content: runs,
    ...textual,
  }),
  text: z.strictObject({ type: z.literal("text"), id, paragraphs: z.array(runs), ...textual }),
  list: z.strictObject({
    type: z.literal("list"),
    id,
    ordered: z.boolean().optional(),
    items: z.array(runs),
    ...textual,
  }),
  table: z.strictObject({
    type: z.literal("table"),
    id,
    over: z.string().max(200).optional(),
    columns: z
      .array(
        z.strictObject({
          header: runs.optional(),
          width: width.optional(),
          align: align.optional(),
          cell: runs.optional(),
        }),
      )
      .min(1)
      .max(20),
    rows: z.array(z.array(runs)).optional(),
    ...textual,
  }),
  image: z.strictObject({
    type: z.literal("image"),
    id,
    file: z.uuid(),
    width: z.number().min(1).max(500).optional(),
    height: z.number().min(1).max(500).optional(),
    align: align.optional(),
    alt: z.string().max(500).optional(),
  }),
  answers: z.strictObject({
    type: z.literal("answers"),
    id,
    show_texts: z.boolean().optional(),
    show_unanswered: z.boolean().optional(),
  }),
  proof: z.strictObject({ type: z.literal("proof"), id }),
  divider: z.strictObject({ type: z.literal("divider"), id, color: color.optional() }),
  spacer: z.strictObject({ type: z.literal("spacer"), id, height: z.number().min(0).max(300).optional() }),
  page_break: z.strictObject({ type: z.literal("page_break"), id }),
};

type Leaf = { [Type in keyof typeof leaves]: z.output<(typeof leaves)[Type]> }[keyof typeof leaves];
type Nested =
  | { type: "repeat"; id: string; over: string; blocks: Block[] }
  | {
      type: "condition";
      id: string;
      when: { field: string; operator: string; value?: unknown };
      blocks: Block[];
      otherwise?: Block[] | undefined;
    }
  | { type: "columns"; id: string; columns: { width?: number | undefined; blocks: Block[] }[] }
  | {
      type: "signature";
      id: string;
      label?: Run[] | undefined;
      width?: number | undefined;
      align?: z.output<typeof align> | undefined;
      component?: string | undefined;
      blocks?: Block[] | undefined;
    };
export type Block = Leaf | Nested;

const blocks: z.ZodType<Block[]> = z.lazy(() => z.array(block));

/** One block of a document, and those inside it. */
export const block: z.ZodType<Block> = z.discriminatedUnion("type", [
  leaves.heading,
  leaves.text,
  leaves.list,
  leaves.table,
  leaves.image,
  leaves.answers,
  leaves.proof,
  leaves.divider,
  leaves.spacer,
  leaves.page_break,
  z.strictObject({ type: z.literal("repeat"), id, over: z.string().max(200), blocks }),
  z.strictObject({
    type: z.literal("condition"),
    id,
    when: z.strictObject({
      field: z.string().max(200),
      operator: z.string().max(40),
      value: z.unknown().optional(),
    }),
    blocks,
    otherwise: blocks.optional(),
  }),
  z.strictObject({
    type: z.literal("columns"),
    id,
    columns: z
      .array(z.strictObject({ width: width.optional(), blocks }))
      .min(1)
      .max(6),
  }),
  z.strictObject({
    type: z.literal("signature"),
    id,
    label: runs.optional(),
    width: z.number().min(10).max(200).optional(),
    align: align.optional(),
    component: z.uuid().optional(),
    blocks: blocks.optional(),
  }),
]) as z.ZodType<Block>;
