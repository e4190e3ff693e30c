import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { LanguageContext } from "../components/texts.ts";
import type { FieldOfSchema } from "../schema_form/context.ts";
import type { Schema } from "../schema_form/schema.ts";
import { type Contract, collectionsOf, type Field, fieldsAt, type State } from "./contract.ts";

/** What every part of an editor needs: what documents are made of, what is drafted, and what is wrong at which path. */
export type Editor = {
  client: Client;
  clinic: UUID;
  contract: Contract;
  state: State;
  /** How values of the formats of documents are edited: blocks among them, whose properties are such values. */
  custom: Readonly<Record<string, ComponentType<FieldOfSchema>>>;
  /** In words, by path. */
  problems: ReadonlyMap<string, string>;
  onState(state: State): void;
  /** Which blocks are open, by their ids. */
  opened: ReadonlySet<string>;
  onOpened(ids: string[], isOpen: boolean): void;
  /** Puts the focus on a part of the page once it is there. */
  onFocus(id: string): void;
  /** Says to whoever does not see it what happened. */
  onSaid(words: string): void;
};

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("A part of a template stands outside of an editor.");
  return editor;
}

/**
 * Around a part: the type of the block that it belongs to, what that block goes through, and the collection whose rows are seen, as
 * walk_document() has them.
 */
export type Scope = { block: string | null; over: string | null; collection: string | null };
export const ScopeContext = createContext<Scope>({ block: null, over: null, collection: null });

/** What is seen inside of a part: a schema with the scope `over` sees the rows that its block goes through. */
export function collectionIn({ over, collection }: Scope, schema: Schema): string | null {
  return (schema as { scope?: string }).scope === "over" && over ? over : collection;
}

export function useFields(schema: Schema): Field[] {
  const { contract, state } = useEditor();
  return fieldsAt(contract, state, collectionIn(useContext(ScopeContext), schema));
}

/** What a field, a collection or a format is called, in the language of the page. */
export function useLabels() {
  const { contract, state } = useEditor();
  const language = useContext(LanguageContext);
  const named = (known: { code: string; label: { ro: string; en: string } }[], code: string) =>
    known.find((one) => one.code === code)?.label[language] ?? code;
  return {
    field: (fields: Field[], code: string) => named(fields, code),
    collection: (code: string) => named(collectionsOf(contract, state), code),
    format: (code: string) => named(contract.formats, code),
  };
}
