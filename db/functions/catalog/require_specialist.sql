-- A booking is for somebody who still takes appointments when it is written. The lock makes remove_specialist wait
-- for it, so that every booking is either counted there or refused here. SPC-06.

create or replace function app_private.require_specialist(organization_id uuid, specialist_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.specialists
  where specialists.organization_id = require_specialist.organization_id
    and specialists.id = require_specialist.specialist_id
    and specialists.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('GONE', 'specialist_gone');
  end if;
end;
$$;

comment on function app_private.require_specialist is
  'Locks a specialist who is not removed; GONE specialist_gone otherwise.';
grant execute on function app_private.require_specialist to app_engine;
