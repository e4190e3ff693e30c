-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile. The identity
-- provider's verification of the same email is the proof; every profile is claimed by this one explicit act,
-- and profiles of two clinics stay two. FND-07.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_public.claim_patient_profiles() returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.humans
    where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null
  ) then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{}', 'Verify your email address, then try again.');
  end if;
  return query
    update app_public.patient_profiles set human_id = humans.principal_id
    from app_public.humans
    where humans.principal_id = app_hidden.current_account_id()
      and app_hidden.ascii_lower(patient_profiles.email) = humans.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = humans.email
               and former.email_verified_at is not null))
      -- A child's profile carries the parent's address; the child is not the parent.
      and not exists (select from app_public.caregivers where caregivers.patient_profile_id = patient_profiles.id)
      -- Nor is someone who is too young for an account of their own.
      and (patient_profiles.birth_date is null
           or patient_profiles.birth_date
              + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
              <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles() is
  'Links the profiles that carry the caller''s verified email with the caller. FORBIDDEN email_not_verified.';
grant execute on function app_public.claim_patient_profiles() to app_member;

reset role;
