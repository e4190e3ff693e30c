-- A link was for one person: when its form goes to another chart, or out of the lists, it is over. CNS-06, FND-34.

set role app_engine;

create or replace function app_private.tg_forms__revoke_links() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.end_signature_links(new.organization_id, new.id, 'form_moved');
  return null;
end;
$$;

comment on function app_private.tg_forms__revoke_links is
  'Takes back open links and kiosks of a form that changes its patient or is deleted. Trigger _700_revoke_links.';

reset role;

create or replace trigger _700_revoke_links after update of patient_id, deleted_at on app_public.forms
  for each row when (old.patient_id <> new.patient_id or (old.deleted_at is null and new.deleted_at is not null))
  execute function app_private.tg_forms__revoke_links();
