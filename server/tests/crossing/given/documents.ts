/** Templates of documents, and the documents of appointments. */
import type { World } from "../world.ts";
import { type Given, id, type Making } from "./making.ts";

const report = (world: World): Promise<string> =>
  id(world, "select tests.id('consultation_report_ro at atlas') as id");

/** A document of Ana's appointment at atlas that says nothing: templates of the fixture are canaries, which ask nothing. */
async function document(world: World, status: "draft" | "issued"): Promise<Given> {
  const documentId = await id(
    world,
    `insert into app_public.appointment_documents
       (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id, title, locale, content)
     select d.organization_id, d.appointment_id, d.patient_profile_id, d.specialist_id, d.kind, d.template_id, d.version_id,
            d.title, d.locale, '{}'
     from app_public.appointment_documents d where d.id = tests.id('ana''s document at atlas') returning id`,
  );
  if (status === "issued")
    await world.api.sql(
      `update app_public.appointment_documents
       set status = 'issued', issued_at = app_hidden.now(), number_year = 2026, number = 9000 where id = $1`,
      [documentId],
    );
  return { documentId };
}

export const ofDocuments: Record<string, Making> = {
  publishPdfTemplate: async (world) => ({ templateId: await report(world) }),
  draftDocument: async (world) => ({
    appointmentId: await id(world, "select tests.id('ana''s appointment at atlas') as id"),
    templateId: await report(world),
    content: undefined,
    fileIds: undefined,
  }),
  editDocument: async (world) => ({
    ...(await document(world, "draft")),
    content: {},
    fileIds: undefined,
  }),
  issueDocument: (world) => document(world, "draft"),
  cancelDocument: (world) => document(world, "draft"),
  replaceDocument: (world) => document(world, "issued"),
};
