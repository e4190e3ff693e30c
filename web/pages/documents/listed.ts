import type { Client, UUID } from "../../../client/index.ts";
import {
  TemplatesOfClinicDocument,
  type TemplatesOfClinicQuery,
} from "../../documents/generated/operations.ts";
import type { State } from "../../templates/contract.ts";
import type { Kind } from "../../templates/drafted.ts";
import { isSame } from "../../templates/same.ts";
import type { Opened } from "../../templates/saving.ts";

/** A template or a component as the page lists it. */
export type Listed = Opened & {
  id: UUID;
  version: number;
  state: "draft" | "withdrawn" | "published" | "changed" | "component_newer";
};

/** The clinic's templates and components, with how each of them stands to what is published. */
export async function listedOf(client: Client, clinic: UUID): Promise<Listed[]> {
  const { pdfTemplates, pdfTemplateComponents } = await client.ask(TemplatesOfClinicDocument, { clinic });
  const present = new Set(
    pdfTemplateComponents.nodes.flatMap((component) =>
      component.pdfTemplateComponentVersions.nodes.map(({ id }) => id),
    ),
  );
  const templates = pdfTemplates.nodes.map(
    (template): Listed => ({
      id: template.id,
      version: template.version,
      revision: template.revision,
      isPublished: template.published,
      state: stateOf(template, present),
      drafted: {
        kind: template.kind.toLowerCase() as Kind,
        isComponent: false,
        title: template.title,
        locale: template.locale === "RO" ? "ro" : "en",
        state: template.editorState as State,
        layout: template.layoutConfig as Record<string, unknown>,
      },
    }),
  );
  const components = pdfTemplateComponents.nodes.map(
    (component): Listed => ({
      id: component.id,
      version: component.version,
      revision: component.revision,
      isPublished: false,
      state: "published",
      drafted: {
        kind: component.kind.toLowerCase() as Kind,
        isComponent: true,
        title: component.title,
        locale: "ro",
        state: component.editorState as State,
        layout: {},
      },
    }),
  );
  return [...templates, ...components];
}

type Template = TemplatesOfClinicQuery["pdfTemplates"]["nodes"][number];

function stateOf(template: Template, present: Set<UUID>): Listed["state"] {
  const [last] = template.pdfTemplateVersions.nodes;
  if (!last) return "draft";
  if (!template.published) return "withdrawn";
  const says = ({ title, locale, editorState, layoutConfig }: Template | typeof last) => [
    title,
    locale,
    editorState,
    layoutConfig,
  ];
  if (!isSame(says(template), says(last))) return "changed";
  const pinned = last.pdfTemplateVersionComponents.nodes;
  return pinned.every(({ componentVersionId }) => present.has(componentVersionId))
    ? "published"
    : "component_newer";
}
