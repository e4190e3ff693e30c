-- What is free of a clinic's rooms and equipment is looked for, and taken, by one booking at a time: then what is free stays
-- free until it is taken, and nobody waits for a room that somebody else has in hand. SCH-11.

create or replace function app_private.lock_clinic_resources(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('resources:' || lock_clinic_resources.organization_id, 0));
end;

comment on function app_private.lock_clinic_resources is 'Locks the rooms and equipment of a clinic until the transaction ends; before its days.';

grant execute on function app_private.lock_clinic_resources to app_engine;
