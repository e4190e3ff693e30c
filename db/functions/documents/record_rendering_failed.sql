-- Why a document could not be rendered is kept beside it, for whoever looks after the server. DOC-02.

set role app_engine;

create or replace function app_private.record_rendering_failed(document_id uuid, failure text) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_private.document_inputs set failure = left(record_rendering_failed.failure, 500), failed_at = app_hidden.now()
  where document_inputs.document_id = record_rendering_failed.document_id;
end;

comment on function app_private.record_rendering_failed is 'Keeps why a document could not be rendered; the job tries again.';
grant execute on function app_private.record_rendering_failed to app_worker;

reset role;
