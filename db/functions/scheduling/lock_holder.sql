-- What one visitor keeps at a clinic is read and changed by one request at a time. SCH-06.

create or replace function app_private.lock_holder(organization_id uuid, visitor_id text) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('holder:' || lock_holder.organization_id || ':' || lock_holder.visitor_id, 0));
end;

comment on function app_private.lock_holder is 'Locks what a visitor keeps at a clinic until the transaction ends.';

grant execute on function app_private.lock_holder to app_engine;
