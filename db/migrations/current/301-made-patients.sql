-- A patient who was made for one request alone goes when the guest was somebody else. APT-09, FND-34.
drop function if exists app_private.patient_for_request(app_public.booking_requests, uuid, boolean);

alter table app_public.booking_requests add column if not exists has_made_patient boolean not null default false;
comment on column app_public.booking_requests.has_made_patient is
  'Whether the patient was made for this request; such a one goes when the guest is somebody else, or the request falls through.';

