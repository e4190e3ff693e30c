-- What was signed stays: no statement of any role changes it, the owner's and a cascade included. CNS-07.
-- Per statement, so that the answer is the same for whoever sees no row.

create or replace function app_private.tg_signatures__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'signature_is_final', jsonb_build_object('table', tg_table_name));
  return null;
end;
$$;

comment on function app_private.tg_signatures__refuse_change is
  'Refuses update, delete and truncate of signatures, their documents and events. Trigger _200_refuse_change.';

create or replace trigger _200_refuse_change before update or delete or truncate on app_public.form_signatures
  for each statement execute function app_private.tg_signatures__refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on app_private.signature_documents
  for each statement execute function app_private.tg_signatures__refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on app_public.signature_events
  for each statement execute function app_private.tg_signatures__refuse_change();
