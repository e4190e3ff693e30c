-- What is limited is limited wherever its rows come to be: made by a verb, by hand or by a merge that is undone, and brought back. FND-20.
-- Asked after the statement, when the rows are there: they count themselves. Of rows that come back, one by one.

set role app_engine;

create or replace function app_private.tg_within_limit() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  if tg_level = 'ROW' then
    perform app_private.require_within_limit(new.organization_id, tg_argv[0], 0);
    return null;
  end if;
  for v_organization_id in select distinct added.organization_id from added order by added.organization_id loop
    perform app_private.require_within_limit(v_organization_id, tg_argv[0], 0);
  end loop;
  return null;
end;
$$;

comment on function app_private.tg_within_limit is
  'ENTITLEMENT_EXHAUSTED tier_limit_reached where there are more than the tier of the clinic allows of the meter that the trigger names. '
  'Triggers _850_within_limit and _850_within_limit_again.';

reset role;

create or replace trigger _850_within_limit after insert on app_public.specialists
  referencing new table as added for each statement execute function app_private.tg_within_limit('specialists');
create or replace trigger _850_within_limit_again after update of deleted_at on app_public.specialists
  for each row when (old.deleted_at is not null and new.deleted_at is null) execute function app_private.tg_within_limit('specialists');

create or replace trigger _850_within_limit after insert on app_public.patients
  referencing new table as added for each statement execute function app_private.tg_within_limit('active_patients');
create or replace trigger _850_within_limit_again after update of deleted_at on app_public.patients
  for each row when (old.deleted_at is not null and new.deleted_at is null) execute function app_private.tg_within_limit('active_patients');

create or replace trigger _850_within_limit after insert on app_public.files
  referencing new table as added for each statement execute function app_private.tg_within_limit('storage_bytes');
create or replace trigger _850_within_limit_again after update of status, size_bytes on app_public.files
  for each row when (new.status = 'confirmed' and (old.status <> 'confirmed' or new.size_bytes > old.size_bytes))
  execute function app_private.tg_within_limit('storage_bytes');
