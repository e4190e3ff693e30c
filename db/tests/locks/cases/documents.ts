import type { LockArea } from "../lock_case.ts";

const template = "tests.id('consultation_report_ro at atlas')";
const issued = "tests.id('ana''s document at atlas')";
const draft = `(select id from app_public.appointment_documents where replaces_id = ${issued})`;

/** Templates of documents, and the documents of appointments. DOC-01, DOC-02, DOC-04. */
export const documents: LockArea = {
  furniture: "",
  cases: [
    {
      lock: "app_private.give_predefined_documents: for no key update",
      as: "the database",
      rows: "app_public.organizations where id = tests.id('atlas')",
      call: "select app_private.give_predefined_documents(tests.id('atlas'))",
    },
    {
      lock: "app_private.publish_pdf: for update",
      as: "adrian",
      rows: `app_public.pdf_templates where id = ${template}`,
      call: `select app_public.publish_pdf_template(${template})`,
    },
    {
      lock: "app_private.locked_document: for no key update of appointment_documents",
      as: "adrian",
      rows: `app_public.appointment_documents where id = ${draft}`,
      call: `select app_public.edit_document(${draft}, '{"findings": "Worse"}')`,
    },
    {
      lock: "app_private.tg_appointment_document_files__keep: for no key update",
      as: "the database",
      rows: `app_public.appointment_documents where id = ${draft}`,
      call: `insert into app_public.appointment_document_files (organization_id, document_id, file_id)
        select organization_id, ${draft}, id from app_public.files where appointment_document_id = ${issued}`,
    },
    {
      lock: "app_public.issue_document: pg_advisory_xact_lock",
      as: "adrian",
      key: "'documents of ' || tests.id('atlas')",
      call: `select app_public.issue_document(${draft})`,
    },
    {
      lock: "app_private.record_rendered: for update",
      as: "the database",
      rows: `app_private.document_inputs where document_id = ${issued}`,
      call: `select app_private.record_rendered(${issued}, repeat('a', 64), 1000, 1)`,
    },
  ],
};
