-- A row of the ledger is withdrawn once, and moves with a merge of two patients; nothing else of it changes, whoever writes.
-- A trigger runs once the row is locked, so the time of a withdrawal is after the end of everybody who held the row:
-- whatever was done by a consent was done before. CNS-03, FND-17.

create or replace function app_private.tg_consents__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if old.withdrawn_at is null and new.withdrawn_at is not null then
    -- Not the start of the transaction, which may be long before the lock.
    new.withdrawn_at := greatest(clock_timestamp(), app_hidden.now());
  elsif tg_op <> 'UPDATE' or (new.withdrawn_at, new.withdrawn_by) is distinct from (old.withdrawn_at, old.withdrawn_by) then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  if to_jsonb(new) - '{withdrawn_at,withdrawn_by,patient_profile_id}'::text[]
       is distinct from to_jsonb(old) - '{withdrawn_at,withdrawn_by,patient_profile_id}'::text[] then
    perform app_hidden.refuse('IMMUTABLE', 'consent_is_immutable');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_consents__refuse_change is
  'Refuses every change of a consent but its withdrawal, which it stamps, and the move of a merge. Triggers _200_refuse_….';

create or replace trigger _200_refuse_change before update on app_public.consents
  for each row execute function app_private.tg_consents__refuse_change();
create or replace trigger _200_refuse_removal before delete or truncate on app_public.consents
  for each statement execute function app_private.tg_consents__refuse_change();
