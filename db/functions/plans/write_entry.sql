-- One entry of the ledger. Whoever calls it holds the locks of settle_patient_plans(). CAT-04.

create or replace function app_private.write_entry(
  entitlement app_public.patient_entitlements,
  entry text,
  quantity int,
  effective_at timestamptz,
  key text default null,
  period_starts_at timestamptz default null,
  debit app_public.entitlement_entries default null,
  subject_kind text default null,
  subject_id uuid default null,
  reason text default null
) returns app_public.entitlement_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entry app_public.entitlement_entries;
begin
  insert into app_public.entitlement_entries
    (organization_id, patient_entitlement_id, entry, quantity, key, period_starts_at, effective_at, restores_entry_id,
     subject_kind, subject_id, reason, actor_id, created_at)
  values
    (entitlement.organization_id, entitlement.id, write_entry.entry, write_entry.quantity, write_entry.key,
     coalesce(write_entry.period_starts_at, entitlement.period_starts_at), write_entry.effective_at,
     case when write_entry.entry = 'restore' then debit.id end,
     coalesce(write_entry.subject_kind, case when write_entry.entry = 'restore' then debit.subject_kind end),
     coalesce(write_entry.subject_id, case when write_entry.entry = 'restore' then debit.subject_id end),
     write_entry.reason, app_private.current_actor_id(), app_hidden.now())
  returning * into v_entry;
  return v_entry;
end;
$$;

comment on function app_private.write_entry is
  'Appends to the ledger; period_starts_at is of another period than the one that runs. The balance never falls below zero.';
grant execute on function app_private.write_entry to app_engine;
