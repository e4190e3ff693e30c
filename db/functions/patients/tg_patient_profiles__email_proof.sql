-- A patient's address says two things: where messages about treatment go, and, until there is an account, who may take
-- the profile over (claim_patient_profiles). So whoever changes it proves what that use needs. FND-07.
--   * With an account, the address is one that the identity provider verified for that account, or none.
--   * Without one, the clinic that keeps the profile writes it down, as it did when it registered the patient; the
--     address proves nothing then: whoever claims the profile shows that it is theirs.
--   * A caregiver writes down the own verified address, so that nobody else is led to the profile.
-- Verbs that join or move profiles answer for themselves: the trigger looks at what callers write directly.

set role app_engine;

create or replace function app_private.tg_patient_profiles__email_proof() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.email is null and new.human_id is not null then
    return new;
  end if;
  if exists (
    select from app_public.humans
    where humans.principal_id = coalesce(new.human_id, app_hidden.current_account_id())
      and humans.email = new.email and humans.email_verified_at is not null
  ) then
    return new;
  end if;
  if new.human_id is null and exists (
    select from app_public.patients
    where patients.patient_profile_id = new.id
      and patients.organization_id = any (app_hidden.organization_ids_where('patients.manage'))
      and patients.deleted_at is null
  ) then
    return new;
  end if;
  perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{"field": "email"}');
  return null;
end;
$$;

comment on function app_private.tg_patient_profiles__email_proof is
  'FORBIDDEN email_not_verified, unless the address is verified for the account, or staff keep a profile without one. '
  'Trigger _200_email_proof.';

reset role;

create or replace trigger _200_email_proof before update of email on app_public.patient_profiles
  for each row when (old.email is distinct from new.email and current_user = 'app_member')
  execute function app_private.tg_patient_profiles__email_proof();
