-- Allowed in forms, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_appointments__ask_forms()',
  'app_private.tg_custom_field_values__check()',
  'app_private.tg_custom_fields__check()',
  'app_private.tg_files__open_form()',
  'app_private.tg_form_templates__check()',
  'app_private.tg_forms__record_move()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.cancel_form(uuid)',
  'app_public.complete_form(uuid,jsonb)',
  'app_public.create_form(uuid,uuid,uuid,uuid,text)',
  'app_public.form_template_draft(uuid)',
  'app_public.publish_custom_field(uuid)',
  'app_public.publish_form_template(uuid)',
  'app_public.reopen_form(uuid,text)',
  'app_public.resolve_write_back(uuid,boolean)',
  'app_public.save_form_answers(uuid,jsonb)',
  'app_public.set_custom_field_value(uuid,uuid,jsonb)'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file. It grows with the appointments; how long the law asks for it is for counsel to confirm.', unnest(array[
  'app_public.appointment_forms',
  'app_public.custom_field_values',
  'app_public.form_moves',
  'app_public.form_scores',
  'app_public.form_write_backs',
  'app_public.forms'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'Published by hand, and kept as long as what was answered by it.', unnest(array[
  'app_public.custom_field_versions',
  'app_public.form_template_version_purposes',
  'app_public.form_template_versions'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'json_columns', 'What a clinic asks, written for whoever is asked; content_problems() says what may stand there.', unnest(array[
  'app_public.custom_field_versions.definition',
  'app_public.custom_fields.definition',
  'app_public.form_template_versions.content',
  'app_public.form_template_versions.field_types',
  'app_public.form_templates.content'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'policies_run_once', 'One index look-up a row: what belongs to a deleted form is hidden with it.', unnest(array[
  'app_public.appointment_forms.appointment_forms_select_staff',
  'app_public.files.files_select_of_form',
  'app_public.form_moves.form_moves_select_staff',
  'app_public.form_scores.form_scores_select_staff',
  'app_public.form_write_backs.form_write_backs_select_staff'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('references', 'app_public.consents.source_form_id',
   'Its key is not checked without a clinic, where no form is named: consents_forms_belong_to_a_clinic.'),
  ('tenant_foreign_keys', 'app_public.consents (consents_organization_id_source_form_id_fkey)',
   'Without a clinic there is no form: consents_forms_belong_to_a_clinic.'),
  ('policies_run_once', 'app_public.custom_field_values.custom_field_values_select_of_patient',
   'One index look-up a row; the alternative, an array of every patient of the clinic, grows with the clinic.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.custom_field_values', 'organization_id, custom_field_id, patient_profile_id', 'A field says one thing of a patient (FRM-01).'),
  ('app_public.custom_field_values', 'organization_id, custom_field_id, service_id', 'A field says one thing of a service.'),
  ('app_public.custom_field_values', 'organization_id, custom_field_id, specialist_id', 'A field says one thing of a specialist.'),
  ('app_public.custom_field_versions', 'organization_id, custom_field_id, number', 'A number is one version of a field.'),
  ('app_public.custom_fields', 'organization_id, entity_type, system_key', 'A key is one field of a kind of row.'),
  ('app_public.custom_fields', 'organization_id, id, entity_type', 'What custom_field_values refers to.'),
  ('app_public.form_template_versions', 'organization_id, template_id, id', 'What forms refers to.'),
  ('app_public.form_template_versions', 'organization_id, template_id, number', 'A number is one version of a template (FRM-02).'),
  ('app_public.form_templates', 'organization_id, key', 'A key is one template of the clinic.'),
  ('app_public.form_write_backs', 'organization_id, form_id, key', 'An answer is written back once (FRM-05).'),
  ('app_public.patients', 'organization_id, id, patient_profile_id', 'What forms refers to.');

insert into tests.allowed_definer_functions (reason, function) values
  ('The worker calls it for an event, and may do no more.', 'app_private.consume_predefined_forms(uuid)');

select tests.freezes('update, delete, truncate',
  'app_public.custom_field_versions',
  'app_public.form_scores',
  'app_public.form_template_version_purposes',
  'app_public.form_template_versions');
select tests.freezes('truncate',
  'app_public.forms');
