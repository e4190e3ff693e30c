-- Written by record_rendered(); the file says the rest. DOC-02.

select app_private.classify('app_private.rendered_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "pages", "rendered_at"], "phi": ["input_sha256", "file_id"]}',
  unaudited => 'Written once with its file, which is audited.');
select app_private.protect('app_private.rendered_documents', engine => 'select, insert');

create or replace trigger _200_frozen before update or delete or truncate on app_private.rendered_documents
  for each statement execute function app_private.tg_frozen();
