-- Each entry of the ledger is numbered and counts on from the one before, whoever writes it. A second writer who did not
-- wait meets the key of the numbers, and one who takes more than is left the check of the balance. CAT-04.

create or replace function app_private.tg_entitlement_entries__append() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_last app_public.entitlement_entries;
begin
  select entitlement_entries.* into v_last
  from app_public.entitlement_entries
  where entitlement_entries.organization_id = new.organization_id
    and entitlement_entries.patient_entitlement_id = new.patient_entitlement_id
  order by entitlement_entries.number desc
  limit 1;
  new.number := coalesce(v_last.number, 0) + 1;
  new.balance := coalesce(v_last.balance, 0) + new.quantity;
  return new;
end;
$$;

comment on function app_private.tg_entitlement_entries__append is 'Fills number and balance of an entry. Trigger _150_append.';

create or replace trigger _150_append before insert on app_public.entitlement_entries
  for each row execute function app_private.tg_entitlement_entries__append();
