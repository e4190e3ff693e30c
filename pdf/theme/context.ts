import type { ReactElement } from "react";
import type { Block } from "../block_schemas.ts";
import type { DocumentInput, Pictures } from "../input.ts";
import type { Scope } from "../values/look_up.ts";
import type { Writing } from "../values/written.ts";
import type { Words } from "../words.ts";

/** What a block is drawn with: the whole input, its pictures, what is around it, and how wide its place is, in points. */
export type Context = {
  input: DocumentInput;
  pictures: Pictures;
  writing: Writing;
  words: Words;
  scope: Scope;
  width: number;
  budget: Budget;
  /** Draws the blocks inside a block. */
  inside(blocks: Block[], context: Context, key: string): ReactElement[];
};

/** A block of one type as elements of a page. */
export type Drawn<Type extends Block["type"]> = (
  block: Extract<Block, { type: Type }>,
  context: Context,
) => ReactElement | ReactElement[] | null;

/** Points in a millimetre. */
export const MM = 72 / 25.4;

/** A document may hold so much; beyond it, it is refused before any layout, whose cost grows with what is laid out. */
const MOST_CHARACTERS = 400_000;
const MOST_PARTS = 6_000;

/** Counts what a document holds while it is put together. */
export class Budget {
  #parts = 0;
  #characters = 0;

  take(characters: number): void {
    this.#parts += 1;
    this.#characters += characters;
    if (this.#parts > MOST_PARTS || this.#characters > MOST_CHARACTERS) throw new TooLong();
  }
}

/** More than a document may hold. */
export class TooLong extends Error {
  override name = "TooLong";
}
