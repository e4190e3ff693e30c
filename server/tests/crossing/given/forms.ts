/** Forms, their templates, custom fields. */

import type { World } from "../world.ts";
import { id, type Making } from "./making.ts";

export const ofForms: Record<string, Making> = {
  createFormTemplate: async () => ({ content, kind: "INTAKE" }),
  updateFormTemplate: async () => ({ content, kind: "INTAKE" }),
  createCustomField: async () => ({ definition }),
  updateCustomField: async () => ({ definition }),
  createFormTemplatePurpose: async (world) => ({
    templateId: await id(world, "select tests.id('intake_atlas') as id"),
    purposeVersionId: await id(
      world,
      "select id from app_public.consent_purpose_versions where organization_id is null and purpose_code = 'telemedicine'",
    ),
  }),
  deleteFormTemplatePurpose: async (world) => ({
    templateId: await id(world, "select tests.id('intake_atlas') as id"),
    purposeVersionId: await id(
      world,
      "select id from app_public.consent_purpose_versions where organization_id is null and purpose_code = 'telemedicine'",
    ),
  }),
  publishFormTemplate: async (world) => ({ templateId: await template(world, "published") }),
  setCustomFieldValue: async (world) => ({
    customFieldId: await id(
      world,
      `with made as (
         insert into app_public.custom_fields (organization_id, entity_type, system_key, definition, version, published)
         values (tests.id('atlas'), 'patient', 'hobby', '{"type": "text", "label": {"ro": "Hobby"}}', 1, true)
         returning organization_id, id, definition
       ), versions as (
         insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition)
         select organization_id, id, 1, definition from made
       )
       select id from made`,
    ),
    entityId: await id(world, "select tests.id('ana at atlas') as id"),
    value: "chess",
  }),
  resolveWriteBack: async () => ({ takeForm: false }),
  createForm: async (world) => ({
    patientId: await id(world, "select tests.id('ana at atlas') as id"),
    templateId: await id(world, "select tests.id('intake_atlas') as id"),
    appointmentId: undefined,
    amendsFormId: undefined,
  }),
  saveFormAnswers: async (world) => ({
    formId: await anasForm(world, "saved"),
    answers: { note: "Since Monday" },
  }),
  completeForm: async (world) => ({ formId: await anasForm(world, "completed"), answers: undefined }),
  reopenForm: async (world) => ({ formId: await anasForm(world, "reopened") }),
};

const label = { ro: "Întrebarea" };
const definition = { type: "text", label };
const content = { format: 1, title: label, items: [{ key: "note", type: "long_text", label }] };

/** Content of the fixture is canaries, which ask nothing. */
const template = (world: World, key: string): Promise<string> =>
  id(
    world,
    `select tests.form_template('${key}', jsonb_build_array(tests.form_item('note', 'long_text')), clinic => 'atlas') as id`,
  );

async function anasForm(world: World, key: string): Promise<string> {
  await template(world, key);
  return id(world, `select tests.form('${key} form', 'ana', '${key}', 'atlas') as id`);
}
