-- Allowed in files, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'The server''s own word, in the caller''s name, after it looked at the bytes; whoever speaks GraphQL has no way to it.', unnest(array[
  'app_hidden.attach_upload(uuid,bigint,text)',
  'app_hidden.reject_upload(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.upload_to_check(uuid)',
  'app_public.delete_file(uuid)',
  'app_public.deleted_files(uuid)',
  'app_public.request_upload(text,uuid,text,text,bigint,text)',
  'app_public.restore_file(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.enqueue_object_sweeps()',
  'app_private.expire_uploads()',
  'app_private.object_prefixes(uuid)',
  'app_private.objects_to_remove()',
  'app_private.record_objects_removed(uuid)',
  'app_private.stray_objects(uuid,text[])'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('growth', 'app_public.files',
   'The patient''s file. It grows with the appointments; how long the law asks for it is for counsel to confirm.'),
  ('policies_run_once', 'app_public.files.files_select_of_appointment',
   'One index look-up a row, measured; the alternative, every appointment of the clinic, grows with the clinic.'),
  ('references', 'app_public.files.owner_id',
   'The column of its kind has the key; tg_files__fill_owner keeps both alike.'),
  ('soft_delete_rights', 'app_public.files',
   'Deleted by delete_file, brought back by restore_file: each surface has its permission.'),
  ('tenant_foreign_keys', 'app_public.files (files_owner_organization_id_fkey)',
   'Generated from organization_id.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'A sweep of the worker over whatever is due on its server.', unnest(array[
  'app_private.enqueue_object_sweeps()',
  'app_private.expire_uploads()',
  'app_private.objects_to_remove()'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.file_owner_kinds', 'column_name', 'A column of files refers to owners of one kind.'),
  ('app_private.file_surfaces', 'key, owner_kind, audience', 'What files refers to.'),
  ('app_private.file_surfaces', 'prefix', 'A folder holds one kind of file.');
