import type { LockArea } from "../lock_case.ts";

const form = "tests.id('ana''s form at atlas')";
const linked = "tests.id('linked form')";
const template = "tests.id('linked')";
const field =
  "(select id from app_public.custom_fields where system_key = 'allergies' and organization_id = tests.id('atlas'))";
const conflict = `app_public.form_write_backs where form_id = ${form}`;
const complete = `select app_public.complete_form(${linked}, '{"call": "0722 000 999", "allergies": "dust"}')`;

/** Forms, their templates, and what they write back. FRM-01, FRM-02, FRM-04, FRM-05, FRM-06. */
export const forms: LockArea = {
  furniture: `
    select set_config('tests.clinic', 'atlas', true);
    select tests.form_template('linked', jsonb_build_array(
      tests.form_item('call', 'phone', '{"profile_field": "phone"}'), tests.form_item('allergies', 'text', '{"custom_field": "allergies"}')));
    select tests.form('linked form', 'ana', 'linked')`,
  cases: [
    {
      lock: "app_private.own_form: for update",
      as: "ana",
      rows: `app_public.forms where id = ${form}`,
      call: `select app_public.save_form_answers(${form}, '{"note": "one"}')`,
    },
    {
      lock: "app_private.publish_template: for update",
      as: "adrian",
      rows: `app_public.form_templates where id = ${template}`,
      call: `select app_public.publish_form_template(${template})`,
    },
    {
      lock: "app_public.publish_custom_field: for update",
      as: "adrian",
      rows: `app_public.custom_fields where id = ${field}`,
      call: `select app_public.publish_custom_field(${field})`,
    },
    {
      lock: "app_public.resolve_write_back: for update of form_write_backs",
      as: "adrian",
      rows: conflict,
      call: `select app_public.resolve_write_back((select id from ${conflict}), false)`,
    },
    {
      lock: "app_private.tg_files__open_form: for share",
      as: "adrian",
      rows: `app_public.forms where id = ${form}`,
      call: `select app_public.request_upload('forms', ${form}, 'a.png', 'image/png', 1000, encode(sha256('a'), 'hex'))`,
    },
    {
      lock: "app_private.value_to_write_back: for update",
      as: "ana",
      rows: "app_public.patient_profiles where id = tests.id('ana')",
      call: complete,
    },
    {
      lock: "app_private.value_to_write_back: for update of custom_field_values",
      as: "ana",
      rows: "app_public.custom_field_values where patient_profile_id = tests.id('ana')",
      call: complete,
    },
    {
      lock: "app_public.create_form: app_private.require_patient",
      as: "adrian",
      rows: "app_public.patients where id = tests.id('ana at atlas')",
      call: `select app_public.create_form(tests.id('ana at atlas'), ${template})`,
    },
  ],
};
