-- One of a kind is used for something: a session for an appointment. Called by the function that makes the thing, in its
-- transaction. What it is for makes it idempotent: as long as it stands, a second call answers with the same entry. Of two who
-- want the last one the second waits for the first, and finds nothing. CAT-04.
-- Of several plans the one is used that is named, else the one whose rest lapses first.

create or replace function app_private.debit_entitlement(
  organization_id uuid,
  patient_profile_id uuid,
  kind text,
  subject_kind text,
  subject_id uuid,
  service_id uuid default null,
  used_at timestamptz default null,
  patient_service_plan_id uuid default null
) returns app_public.entitlement_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries;
  v_entitlement app_public.patient_entitlements;
begin
  perform app_private.require_patient(organization_id, debit_entitlement.patient_profile_id);
  perform app_private.settle_patient_plans(organization_id, debit_entitlement.patient_profile_id);
  v_debit := app_private.open_debit(organization_id, kind, subject_kind, subject_id);
  if v_debit.id is not null then
    return v_debit;
  end if;

  v_entitlement := app_private.usable_entitlement(
    organization_id, debit_entitlement.patient_profile_id, kind, service_id, used_at, patient_service_plan_id);
  if app_public.patient_entitlements_balance(v_entitlement) > 0 then
    return app_private.write_entry(
      v_entitlement, 'debit', -1, app_hidden.now(),
      concat_ws(':', kind, subject_kind, subject_id, (
        select count(*)
        from app_public.entitlement_entries
        where entitlement_entries.organization_id = debit_entitlement.organization_id
          and entitlement_entries.subject_kind = debit_entitlement.subject_kind
          and entitlement_entries.subject_id = debit_entitlement.subject_id
          and entitlement_entries.entry = 'debit')),
      subject_kind => debit_entitlement.subject_kind, subject_id => debit_entitlement.subject_id);
  end if;
  perform app_hidden.refuse(
    'ENTITLEMENT_EXHAUSTED', case when v_entitlement.id is not null then 'nothing_left' else 'not_in_a_plan' end, jsonb_build_object('kind', kind));
  return null;
end;
$$;

comment on function app_private.debit_entitlement is
  'Uses one of a kind (sessions) for something, by a plan that is open, good for the service and, where used_at says when, '
  'valid until then: the one named, or any. ENTITLEMENT_EXHAUSTED nothing_left, or not_in_a_plan. The caller has checked who may.';
grant execute on function app_private.debit_entitlement to app_engine;

-- Of those with something left the one that lapses first; where nothing is left, one that is used up.
create or replace function app_private.usable_entitlement(
  organization_id uuid,
  patient_profile_id uuid,
  kind text,
  service_id uuid default null,
  used_at timestamptz default null,
  patient_service_plan_id uuid default null
) returns app_public.patient_entitlements
language plpgsql stable
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  select patient_entitlements.* into v_entitlement
  from app_public.patient_service_plans as plans
  join app_public.patient_entitlements
    on patient_entitlements.organization_id = plans.organization_id and patient_entitlements.patient_service_plan_id = plans.id
  where plans.organization_id = usable_entitlement.organization_id
    and plans.patient_profile_id = usable_entitlement.patient_profile_id
    and (usable_entitlement.patient_service_plan_id is null or plans.id = usable_entitlement.patient_service_plan_id)
    and patient_entitlements.kind = usable_entitlement.kind
    and app_public.patient_service_plans_is_open(plans)
    and coalesce(plans.valid_until > used_at, true)
    and app_private.is_for_service(plans, usable_entitlement.service_id)
  order by
    app_public.patient_entitlements_balance(patient_entitlements) > 0 desc,
    least(plans.valid_until, case when not plans.carry_over_unused then patient_entitlements.period_ends_at end),
    patient_entitlements.id
  limit 1;
  return v_entitlement;
end;
$$;

comment on function app_private.usable_entitlement is
  'What a patient may use one of a kind from, among the plans that debit_entitlement() would take; null where there is none. The '
  'caller has settled the plans.';
grant execute on function app_private.usable_entitlement to app_engine;

create or replace function app_private.is_for_service(plan app_public.patient_service_plans, service_id uuid) returns boolean
language sql stable
set search_path = ''
return is_for_service.service_id is null or not exists (
  select from app_public.service_plan_services
  where service_plan_services.organization_id = (plan).organization_id
    and service_plan_services.service_plan_id = (plan).service_plan_id
  having count(*) > 0 and not bool_or(service_plan_services.service_id = is_for_service.service_id));

comment on function app_private.is_for_service is 'Whether sessions of a plan may be used for a service: one that it names, or any when it names none.';
grant execute on function app_private.is_for_service to app_engine;
