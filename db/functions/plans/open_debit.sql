-- What was used for something and not given back: of this kind, at most one. CAT-04.

create or replace function app_private.open_debit(
  organization_id uuid,
  kind text,
  subject_kind text,
  subject_id uuid
) returns app_public.entitlement_entries
language plpgsql stable
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries;
begin
  select entitlement_entries.* into v_debit
  from app_public.entitlement_entries
  join app_public.patient_entitlements
    on patient_entitlements.organization_id = entitlement_entries.organization_id
    and patient_entitlements.id = entitlement_entries.patient_entitlement_id
  where entitlement_entries.organization_id = open_debit.organization_id
    and entitlement_entries.subject_kind = open_debit.subject_kind
    and entitlement_entries.subject_id = open_debit.subject_id
    and entitlement_entries.entry = 'debit'
    and patient_entitlements.kind = open_debit.kind
    and not exists (
      select from app_public.entitlement_entries as restores
      where restores.organization_id = entitlement_entries.organization_id
        and restores.restores_entry_id = entitlement_entries.id);
  return v_debit;
end;
$$;

comment on function app_private.open_debit is
  'The debit for this thing that stands; null when there is none.';
grant execute on function app_private.open_debit to app_engine;
