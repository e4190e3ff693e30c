import type { Schema } from "../schema_form/schema.ts";
import type { Block, Contract, State } from "./contract.ts";

/** The steps of a path: `$.blocks[2].columns[0]` is blocks, 2, columns, 0. */
function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\.([^.[]+)|\[(\d+)\]/g)].map(([, name, place]) => name ?? Number(place));
}

export function valueAt(state: State, path: string): unknown {
  return stepsOf(path).reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], state);
}

/** The same with another value at a path. */
function withValue(state: State, path: string, value: unknown): State {
  const put = (inside: unknown, [step, ...rest]: (string | number)[]): unknown => {
    if (step === undefined) return value;
    if (Array.isArray(inside)) return inside.map((one, i) => (i === step ? put(one, rest) : one));
    const object = inside as Record<string, unknown>;
    return { ...object, [step]: put(object[step], rest) };
  };
  return put(state, stepsOf(path)) as State;
}

/** A list that blocks stand in, and how deep: where it is, and whose it is in words. */
export type BlockList = { path: string; owner: Block | null; words: Schema[]; places: number[] };

/** Every list of blocks, the outermost first, as the schemas of the blocks say where there are any. */
export function listsOf(contract: Contract, state: State): BlockList[] {
  const lists: BlockList[] = [];
  const inBlocks = (blocks: unknown, path: string, list: Omit<BlockList, "path">) => {
    lists.push({ path, ...list });
    if (!Array.isArray(blocks)) return;
    for (const [i, block] of (blocks as Block[]).entries()) {
      const schema = contract.blocks.find(({ type }) => type === block.type)?.schema;
      if (schema) inValue(schema, block, `${path}[${i}]`, { owner: block, words: [], places: [] });
    }
  };
  const inValue = (schema: Schema, value: unknown, path: string, list: Omit<BlockList, "path">) => {
    if (schema.format === "blocks") {
      if (value !== undefined) inBlocks(value, path, list);
    } else if (schema.properties && typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(schema.properties))
        inValue(inner, (value as Record<string, unknown>)[name], `${path}.${name}`, {
          ...list,
          words: [...list.words, inner],
        });
    } else if (schema.items && Array.isArray(value)) {
      for (const [i, one] of value.entries())
        inValue(schema.items, one, `${path}[${i}]`, { ...list, places: [...list.places, i + 1] });
    }
  };
  inBlocks(state.blocks, "$.blocks", { owner: null, words: [], places: [] });
  return lists;
}

/** A block at the end of another list: put there before it is taken away, so that no path changes in between. */
export function movedTo(state: State, from: string, index: number, to: string): State {
  const block = (valueAt(state, from) as Block[])[index];
  const put = withValue(state, to, [...((valueAt(state, to) as Block[] | undefined) ?? []), block]);
  return withValue(
    put,
    from,
    (valueAt(put, from) as Block[]).filter((_, i) => i !== index),
  );
}

/** The path of every block on the way to a place, the outermost first. */
export function blocksOnTheWay(state: State, path: string): string[] {
  return [...path.matchAll(/\]/g)]
    .map(({ index }) => path.slice(0, index + 1))
    .filter((place) => {
      const value = valueAt(state, place) as Partial<Block> | undefined;
      return typeof value === "object" && typeof value?.type === "string" && typeof value.id === "string";
    });
}
