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
export type Opened = { id: UUID | null; isPublished: boolean; drafted: Drafted };

type Saved = { id: UUID; version: number };

/** Saves what is drafted: of a component as its next version, of a template as its draft. */
export async function save(client: Client, clinic: UUID, { id }: Opened, drafted: Drafted): Promise<Saved> {
  const { kind, title, state, layout, isComponent } = drafted;
  const made = { organizationId: clinic, key: keyOf(title), kind: kind.toUpperCase() as never, title };
  const locale = drafted.locale === "ro" ? "RO" : "EN";
  if (isComponent) {
    if (id) await client.ask(SaveComponentDocument, { component: id, title, state });
    const component = { ...made, editorState: state };
    return {
      id:
        id ??
        (await client.ask(CreateComponentDocument, { component })).createPdfTemplateComponent
          .pdfTemplateComponent.id,
      version: 0,
    };
  }
  if (id) await client.ask(SaveTemplateDocument, { template: id, title, locale, state, layout });
  const template = { ...made, locale, editorState: state, layoutConfig: layout } as const;
  return {
    id: id ?? (await client.ask(CreateTemplateDocument, { template })).createPdfTemplate.pdfTemplate.id,
    version: 0,
  };
}

/** Publishes what is saved, with the present versions of its components. */
export async function publish(client: Client, template: UUID): Promise<Saved> {
  const { publishPdfTemplate } = await client.ask(PublishTemplateDocument, { template });
  return { id: template, version: publishPdfTemplate.pdfTemplate.version };
}

/** No more documents are made of it, until it is published again. */
export async function withdraw(client: Client, template: UUID): Promise<Saved> {
  const { updatePdfTemplate } = await client.ask(WithdrawTemplateDocument, { template });
  return { id: template, version: updatePdfTemplate.pdfTemplate.version };
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
