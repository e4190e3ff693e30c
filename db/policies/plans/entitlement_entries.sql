-- The ledger: staff with patient_plans.view, and the person. Append-only, for every role. CAT-04, CAT-06.

select app_private.classify('app_public.entitlement_entries', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "patient_entitlement_id", "number", "key", "actor_id", "created_at"],
    "phi": ["entry", "quantity", "balance", "period_starts_at", "effective_at", "restores_entry_id", "subject_kind", "subject_id",
            "reason"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.entitlement_entries', engine => 'select, insert');

grant select (id, organization_id, patient_entitlement_id, number, entry, quantity, balance, period_starts_at, effective_at,
              restores_entry_id, subject_kind, subject_id, reason, actor_id, created_at)
   on app_public.entitlement_entries to app_member;

create policy entitlement_entries_select_staff on app_public.entitlement_entries for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy entitlement_entries_select_person on app_public.entitlement_entries for select to app_member
  using (
    patient_entitlement_id in (
      select entitlement.id
      from app_public.patient_service_plans as mine
      join app_public.patient_entitlements as entitlement
        on entitlement.organization_id = mine.organization_id and entitlement.patient_service_plan_id = mine.id
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
