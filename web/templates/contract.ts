import { emptyValue, type Schema } from "../schema_form/schema.ts";

type Words = { ro: string; en: string };

/** What a template or a component of one kind may be made of, as `documentBuilder` says it; nothing else is known here. */
export type Contract = {
  kind: string;
  blocks: { type: string; label: Words; schema: Schema }[];
  fields: CatalogField[];
  formats: { code: string; label: Words }[];
  components: { id: string; kind: string; title: string; version: number }[];
  inputs: Schema;
  layout: Schema;
  limits: { bytes: number; blocks: number; depth: number; inputs: number };
};
type CatalogField = {
  code: string;
  type: string;
  collection: string | null;
  formats: string[];
  label: Words;
};

/** A block as it is saved: its type, its id, and the properties that its schema has. */
export type Block = { type: string; id: string } & Record<string, unknown>;

/** What a template asks whoever makes a document. */
type Input = {
  key: string;
  label: string;
  type: string;
  columns?: { key: string; label: string; type: string }[];
};

/** What a template says: `editorState`. */
export type State = { blocks: Block[]; inputs?: Input[] };

/** What text is bound to where it stands. */
export type Field = { code: string; type: string; formats: string[]; label: Words };

/** The fields at a place: of the catalog, of the template's own inputs, and of the rows that are gone through around it. */
export function fieldsAt(contract: Contract, state: State, collection: string | null): Field[] {
  const formatsOf = (type: string) => contract.fields.find((field) => field.type === type)?.formats ?? [];
  const own = (code: string, { label, type }: { label: string; type: string }): Field => {
    const read = type === "choice" ? "text" : type;
    return { code, type: read, formats: formatsOf(read), label: { ro: label, en: label } };
  };
  const items = contract.fields
    .filter((field) => field.collection !== null && field.collection === collection)
    .map((field) => ({ ...field, code: `item${field.code.slice(collection?.length ?? 0)}` }));
  const rows = inputsOf(state).find(({ key }) => `input.${key}` === collection)?.columns ?? [];
  return [
    ...rows.map((column) => own(`item.${column.key}`, column)),
    ...items,
    ...inputsOf(state)
      .filter(({ type }) => type !== "rows")
      .map((input) => own(`input.${input.key}`, input)),
    ...contract.fields.filter(({ collection: of, type }) => of === null && type !== "collection"),
  ];
}

/** What has rows: of the catalog, and of the template's own inputs. */
export function collectionsOf(contract: Contract, state: State): { code: string; label: Words }[] {
  const own = inputsOf(state)
    .filter(({ type }) => type === "rows")
    .map(({ key, label }) => ({ code: `input.${key}`, label: { ro: label, en: label } }));
  return [...own, ...contract.fields.filter(({ type }) => type === "collection")];
}

/** Inputs while they are written may lack anything. */
function inputsOf({ inputs = [] }: State): Input[] {
  return inputs
    .filter((input) => typeof input?.key === "string")
    .map((input) => ({
      ...input,
      label: input.label || input.key,
      columns: (input.columns ?? []).filter((column) => typeof column?.key === "string"),
    }));
}

/** A new block of a type, named as no other is. */
export function newBlock(contract: Contract, state: State, type: string): Block {
  const known = contract.blocks.find((block) => block.type === type);
  const ids = new Set(JSON.stringify(state).match(/"id":"[^"]*"/g) ?? []);
  let number = 1;
  while (ids.has(`"id":"${type}_${number}"`)) number += 1;
  const properties = known ? (emptyValue(known.schema) as object) : {};
  const [component] = contract.components.filter(({ kind }) => kind === type);
  return {
    type,
    id: `${type}_${number}`,
    ...properties,
    ...(component && known?.schema.required?.includes("component") ? { component: component.id } : {}),
  };
}
