import { readFileSync } from "node:fs";
import { encodePng } from "../../server/files/pictures/encode_png.ts";
import type { Block } from "../block_schemas.ts";
import { type DocumentInput, documentInput, picturesOf } from "../input.ts";

/** The report or the form that the shape of an input is shown with. */
export function example(name: "example_input" | "example_form_input" = "example_input"): DocumentInput {
  return documentInput.parse(JSON.parse(readFileSync(new URL(`../${name}.json`, import.meta.url), "utf8")));
}

/** A picture for each that the input names. */
export function picturesFor(input: DocumentInput): Map<string, Buffer> {
  const drawn = encodePng({ width: 60, height: 20, rgba: Buffer.alloc(60 * 20 * 4, 0x80) });
  return new Map(picturesOf(input).map(({ objectKey }) => [objectKey, drawn]));
}

/** The example with these blocks instead of its own, without letterhead and footer. */
export function withBlocks(blocks: Block[], data: Record<string, unknown> = {}): DocumentInput {
  const input = example();
  return { ...input, letterhead: null, footer: null, blocks, data: { ...input.data, ...data } };
}

export const words = (id: string, text: string): Block => ({ type: "text", id, paragraphs: [[{ text }]] });
