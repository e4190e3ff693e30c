-- Allowed in documents, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.claim_rendering(uuid)',
  'app_private.document_input(uuid)',
  'app_private.record_rendered(uuid,text,bigint,integer)',
  'app_private.record_rendering_failed(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_appointment_document_files__keep()',
  'app_private.tg_files__keep_document_images()',
  'app_private.tg_pdf_template_components__version()',
  'app_private.tg_pdf_templates__check()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.document_preview_input(uuid,text,jsonb,jsonb,text,uuid)',
  'app_public.cancel_document(uuid,text)',
  'app_public.check_pdf_template(uuid,text,jsonb,jsonb)',
  'app_public.document_builder(uuid,text)',
  'app_public.draft_document(uuid,uuid,jsonb,uuid[])',
  'app_public.edit_document(uuid,jsonb,uuid[])',
  'app_public.issue_document(uuid)',
  'app_public.publish_pdf_template(uuid)',
  'app_public.replace_document(uuid,text)',
  'app_public.request_form_document(uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('facts', 'app_public.appointment_documents.title', 'Copied from the template, whose title was read.'),
  ('facts', 'app_public.form_documents.title', 'Copied from the form as it was signed, on one line.'),
  ('facts', 'app_public.pdf_template_versions.title', 'Copied from the template, whose title was read.'),
  ('references', 'app_private.document_inputs.document_id', 'One of the two documents beside it, which have foreign keys.');

insert into tests.lint_exceptions (rule, reason, object)
select 'policies_run_once', 'One index look-up a row: a document belongs to its appointment or form, whose own policies hide what was deleted.', unnest(array[
  'app_public.appointment_document_files.appointment_document_files_select_staff',
  'app_public.appointment_documents.appointment_documents_select_patient',
  'app_public.appointment_documents.appointment_documents_select_staff',
  'app_public.files.files_select_of_appointment_document',
  'app_public.form_documents.form_documents_select_staff'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'json_columns', 'Checked by template_problems() whenever it is saved: blocks of a catalog, and nothing about anybody.', unnest(array[
  'app_public.pdf_template_component_versions.editor_state',
  'app_public.pdf_template_components.editor_state',
  'app_public.pdf_template_versions.editor_state',
  'app_public.pdf_template_versions.layout_config',
  'app_public.pdf_templates.editor_state',
  'app_public.pdf_templates.layout_config'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file: documents are kept as long as the appointment or the form.', unnest(array[
  'app_private.document_inputs',
  'app_private.rendered_documents',
  'app_public.appointment_document_files',
  'app_public.appointment_documents',
  'app_public.form_documents'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'A version for each time that somebody published or saved what is different: documents are made of it.', unnest(array[
  'app_public.pdf_template_component_versions',
  'app_public.pdf_template_version_components',
  'app_public.pdf_template_versions'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.document_block_types', 'place', 'Blocks stand in one order.'),
  ('app_public.appointment_documents', 'organization_id, appointment_id, id', 'What replaces a document is of its appointment.'),
  ('app_public.appointment_documents', 'organization_id, number_year, number', 'A number is given once in a year of a clinic (DOC-04).'),
  ('app_public.appointment_documents', 'organization_id, replaces_id', 'A document has one successor (DOC-04).'),
  ('app_public.form_documents', 'organization_id, form_id', 'A signed form is one document (DOC-05).'),
  ('app_public.appointments', 'organization_id, id, patient_profile_id', 'A document is about the patient of its appointment.'),
  ('app_public.pdf_template_component_versions', 'organization_id, component_id, id', 'A pinned version is one of its component.'),
  ('app_public.pdf_template_component_versions', 'organization_id, component_id, number', 'Versions are counted.'),
  ('app_public.pdf_template_components', 'organization_id, key', 'Programs know a component by its key.'),
  ('app_public.pdf_template_versions', 'organization_id, template_id, id, kind', 'A document has a version of its template, and its kind.'),
  ('app_public.pdf_template_versions', 'organization_id, template_id, number', 'Versions are counted.'),
  ('app_public.pdf_templates', 'organization_id, key', 'Programs know a template by its key.'),
  ('app_public.specialist_signatures', 'organization_id, specialist_id, id', 'A document carries a signature of its own specialist (DOC-03).');

select tests.freezes('update, delete, truncate',
  'app_private.rendered_documents',
  'app_public.form_documents',
  'app_public.pdf_template_component_versions',
  'app_public.pdf_template_version_components',
  'app_public.pdf_template_versions');
select tests.freezes('truncate',
  'app_public.appointment_documents');
select tests.freezes('delete, truncate, update input',
  'app_private.document_inputs');
