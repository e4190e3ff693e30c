-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.

select app_private.classify('app_public.appointments', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "series_id", "locale", "overridden_rules",
                    "created_by", "cancel_minutes", "late_cancel", "late_cancel_session", "reschedule_minutes", "reschedule_limit",
                    "no_show_session", "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_phone", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "add_ons_amount", "total_amount", "currency", "cancellation_reason",
            "override_reason", "reschedule_count", "patient_service_plan_id", "plan_session_number", "is_late_cancellation", "excuse_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointments', 'patient_profile_id', 'moves');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
select app_private.protect('app_public.appointments', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, series_id,
              status, starts_at, ends_at, modality, price_amount, add_ons_amount, total_amount, currency, contact_email,
              contact_phone, contact_name, locale, cancellation_reason, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes, reschedule_limit,
              no_show_session, reschedule_count, patient_service_plan_id, plan_session_number, is_late_cancellation,
              excuse_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

create policy appointments_select_staff on app_public.appointments for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]) and deleted_at is null);

create policy appointments_select_patient on app_public.appointments for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and deleted_at is null
  );
