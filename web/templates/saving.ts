import { type Client, refusalOf, type UUID } from "../../client/index.ts";
import {
  CreateComponentDocument,
  CreateTemplateDocument,
  PublishTemplateDocument,
  SaveComponentDocument,
  SaveTemplateDocument,
  WithdrawTemplateDocument,
} from "../documents/generated/operations.ts";
import { type Drafted, keyOf } from "./drafted.ts";
import type { Problem } from "./live.ts";

/** What is opened, as it is saved; without an id where it is new. */
export type Opened = { id: UUID | null; revision: number; isPublished: boolean; drafted: Drafted };

export type Saved = { id: UUID; version: number; revision: number };

/** Saves what is drafted over the revision that was read: of a component as its next version, of a template as its draft. */
export async function save(
  client: Client,
  clinic: UUID,
  { id }: Opened,
  drafted: Drafted,
  revision: number,
): Promise<Saved> {
  const { kind, title, state, layout, isComponent } = drafted;
  const made = { organizationId: clinic, key: keyOf(title), kind: kind.toUpperCase() as never, title };
  const locale = drafted.locale === "ro" ? "RO" : "EN";
  if (isComponent) {
    const component = { ...made, editorState: state };
    const { pdfTemplateComponent } = id
      ? (await client.ask(SaveComponentDocument, { component: id, revision, title, state }))
          .updatePdfTemplateComponent
      : (await client.ask(CreateComponentDocument, { component })).createPdfTemplateComponent;
    return pdfTemplateComponent;
  }
  const template = { ...made, locale, editorState: state, layoutConfig: layout } as const;
  const { pdfTemplate } = id
    ? (await client.ask(SaveTemplateDocument, { template: id, revision, title, locale, state, layout }))
        .updatePdfTemplate
    : (await client.ask(CreateTemplateDocument, { template })).createPdfTemplate;
  return pdfTemplate;
}

/** Publishes what is saved, with the present versions of its components. What was read stays what was read. */
export async function publish(
  client: Client,
  { id, revision }: { id: UUID; revision: number },
): Promise<Saved> {
  const { publishPdfTemplate } = await client.ask(PublishTemplateDocument, { template: id });
  return { ...publishPdfTemplate.pdfTemplate, revision };
}

/** No more documents are made of it, until it is published again. */
export async function withdraw(client: Client, id: UUID, revision: number): Promise<Saved> {
  const { updatePdfTemplate } = await client.ask(WithdrawTemplateDocument, { template: id });
  return { ...updatePdfTemplate.pdfTemplate, revision };
}

/** What a refusal finds wrong, by path, in words: of the content place by place, or what it says of the field that it names. */
export function refusedPlaces(error: unknown, wordsOf: (found: Problem[]) => Map<string, string>) {
  const { fields, field } = (refusalOf(error, "VALIDATION")?.details ?? {}) as {
    fields?: Problem[];
    field?: string;
  };
  if (fields) return wordsOf(fields);
  return new Map(field && error instanceof Error ? [[`$.${field}`, error.message]] : []);
}
