-- Guests who were taken in as the duplicate are the patient who is kept: a request that waits is confirmed for that one. Not the
-- rule "moves": an appointment belongs to its request and goes to another chart alone. FND-34, APT-09.

create or replace function app_private.on_merge_booking_requests(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  with moved as (
    update app_public.booking_requests set patient_profile_id = kept.patient_profile_id, has_made_patient = false
    where booking_requests.organization_id = kept.organization_id
      and booking_requests.patient_profile_id = duplicate.patient_profile_id
    returning booking_requests.id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.booking_requests.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_booking_requests is 'Moves the requests of guests who were taken in as the duplicate; the one who is kept was not made for them.';
grant execute on function app_private.on_merge_booking_requests to app_engine;
