-- What was given and used is not rewritten, by nobody. CAT-04.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row.

create or replace function app_private.tg_entitlement_entries__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'entitlement_entry_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_entitlement_entries__refuse_change is
  'Refuses update, delete and truncate of the ledger. Trigger _200_refuse_change.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_public.entitlement_entries
  for each statement execute function app_private.tg_entitlement_entries__refuse_change();
