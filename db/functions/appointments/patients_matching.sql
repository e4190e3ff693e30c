-- Who at this clinic a booking request may be from: same email; of several, those of the same name come first.
-- Other clinics' patients are never looked at. APT-05, APT-09.
-- requires: functions/core/ascii_lower.sql

set role app_engine;

create or replace function app_private.patients_matching(request app_public.booking_requests)
returns table (patient_profile_id uuid, same_name boolean)
language sql stable
set search_path = ''
begin atomic
  select profile.id, profile.name = asked.name
  from (
    select patient_profiles.id,
           lower(extensions.unaccent(patient_profiles.given_name || ' ' || patient_profiles.family_name)) as name
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where app_hidden.ascii_lower(patient_profiles.email) = app_hidden.ascii_lower(request.email)
      and patients.organization_id = request.organization_id
      and patients.deleted_at is null
  ) as profile,
  (select lower(extensions.unaccent(request.given_name || ' ' || request.family_name))) as asked (name)
  order by 2 desc, 1;
end;

comment on function app_private.patients_matching(app_public.booking_requests) is
  'Patients of the clinic with the email of the request, those of the same name first.';

reset role;
