-- Whoever sees the appointment sees what was added to it. Written by verbs, until the appointment is over. APT-02.

select app_private.classify('app_public.appointment_add_ons', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at", "updated_at"],
    "phi": ["appointment_id", "service_id", "product_id", "quantity", "price_amount", "currency", "added_minutes"]}');
select app_private.protect('app_public.appointment_add_ons', engine => 'select, insert, delete');

grant select on app_public.appointment_add_ons to app_member;

create policy appointment_add_ons_select_staff on app_public.appointment_add_ons for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_add_ons.appointment_id)
  );

create policy appointment_add_ons_select_patient on app_public.appointment_add_ons for select to app_member
  using (
    appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
