-- Staff with reviews.view, and the patient whom the appointment was for: no other patient, and no visitor. Written by a verb,
-- once. APT-04.

select app_private.classify('app_public.appointment_reviews', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at", "updated_at"],
    "phi": ["appointment_id", "rating", "comment"]}');
select app_private.protect('app_public.appointment_reviews', engine => 'select, insert');

grant select on app_public.appointment_reviews to app_member;

create policy appointment_reviews_select_staff on app_public.appointment_reviews for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('reviews.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_reviews.appointment_id)
  );

create policy appointment_reviews_select_patient on app_public.appointment_reviews for select to app_member
  using (
    appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
