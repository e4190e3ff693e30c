-- Forms that are filled in and signed before there is an appointment that asks for them. FRM-08, APT-06.
alter table app_public.forms add column if not exists is_ahead boolean not null default false;
comment on column app_public.forms.is_ahead is
  'Whether it was made before the appointment: the first one that asks for its template takes it.';

-- Forms are made ahead by one more argument.
drop function if exists app_private.make_form(uuid, uuid, uuid, text, uuid, uuid);

-- The patient that front desk took a guest for, before the request is confirmed. APT-09.
alter table app_public.booking_requests add column if not exists patient_profile_id uuid;
comment on column app_public.booking_requests.patient_profile_id is
  'The patient that the guest is, where front desk has said so; confirming books for this one.';
-- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
alter table app_public.booking_requests drop constraint if exists booking_requests_are_of_a_patient;
-- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
alter table app_public.booking_requests add constraint booking_requests_are_of_a_patient
  foreign key (organization_id, patient_profile_id)
  references app_public.patients (organization_id, patient_profile_id) on delete restrict;
comment on constraint booking_requests_are_of_a_patient on app_public.booking_requests is
  E'@fieldName patient\n@behavior -backward:*\nThe patient that the guest is; null before front desk has said so.';
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.booking_requests_patient_idx;
-- squawk-ignore require-concurrent-index-creation
create index booking_requests_patient_idx on app_public.booking_requests (organization_id, patient_profile_id)
  where patient_profile_id is not null;

