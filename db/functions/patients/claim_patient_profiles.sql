-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile by this one explicit act.
-- The identity provider's verification of the address proves the mailbox, and a mailbox may be a family's: the name
-- must agree as well, and a birthday must not differ; where the profile has none, the one that they say is written. Profiles
-- of two clinics stay two. FND-07, FND-34.

set role app_engine;

create or replace function app_public.claim_patient_profiles(
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans;
  v_me record;
  v_with_address uuid[];
  v_of_name uuid[];
  v_own uuid[];
  v_birth_dates int;
begin
  v_human := app_private.require_proved_address();
  v_me := app_private.asserted_identity(
    claim_patient_profiles.given_name, claim_patient_profiles.family_name, claim_patient_profiles.birth_date);

  -- Locked in one order, as whoever merges two of them does.
  with claimable as materialized (
    select patient_profiles as profile
    from app_public.patient_profiles
    where app_hidden.ascii_lower(patient_profiles.email) = v_human.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = v_human.email
               and former.email_verified_at is not null))
      and app_private.may_be_claimed(patient_profiles)
    order by patient_profiles.id
    for update of patient_profiles
  ),
  compared as (
    select (claimable.profile).id, (claimable.profile).birth_date,
           app_private.fact_that_differs(claimable.profile, v_me.name_key, v_me.birth_date) as differs
    from claimable
  )
  select array_agg(compared.id), array_agg(compared.id) filter (where compared.differs is distinct from 'name'),
         array_agg(compared.id) filter (where compared.differs is null),
         count(distinct compared.birth_date) filter (where compared.differs is null)
  into v_with_address, v_of_name, v_own, v_birth_dates
  from compared;

  -- Two of one name and address, born on two days, are two people.
  if v_birth_dates > 1 or (v_own is null and v_of_name is not null) then
    perform app_private.refuse_person_unclear('birthday');
  elsif v_own is null and v_with_address is not null and not exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id and app_hidden.ascii_lower(patient_profiles.email) = v_human.email
  ) then
    perform app_private.refuse_person_unclear('name');
  end if;

  return query
    update app_public.patient_profiles set
      human_id = v_human.principal_id,
      birth_date = coalesce(patient_profiles.birth_date, v_me.birth_date)
    where patient_profiles.id = any (v_own)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles is
  'Links the profiles that carry the caller''s verified address and name with the caller; without givenName and '
  'familyName the name of the account counts. FORBIDDEN email_not_verified; CONFLICT person_unclear names the fact that is missing; '
  'STATE account_age_unknown where neither profile nor caller says the date of birth.';
grant execute on function app_public.claim_patient_profiles to app_member;

reset role;
