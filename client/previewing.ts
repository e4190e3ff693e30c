import type { UUID } from "./scalars.ts";

/** A template of documents as it is drafted, and with whose data it is shown: `DocumentPreview` of /openapi.json. */
export type TemplatePreview = {
  organizationId: UUID;
  kind: "report" | "prescription" | "form";
  /** The blocks, and the inputs, as in `createPdfTemplate`. */
  editorState: object;
  layoutConfig?: object;
  locale: "ro" | "en";
  /** An appointment, or a signed form for the kind form; without it, sample data. */
  sample?: UUID | null;
};
