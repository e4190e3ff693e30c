-- Somebody whom a clinic registered takes over their profile there, although they sign in with another address: they name the
-- address or the number that the clinic has, and a code goes there. FND-32.
-- The answer is the same whoever was found, or nobody: who is treated where is told to nobody who only asks. A patient is sent three
-- codes a day and each is tried five times, so that guessing is hopeless.

set role app_engine;

create or replace function app_public.request_profile_claim(
  organization_id uuid,
  contact text,
  given_name text,
  family_name text,
  birth_date date default null
) returns app_public.profile_claim
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_clinic app_public.organizations;
  v_remembered jsonb := app_private.remembered(
    'request_profile_claim', jsonb_build_array(organization_id, contact, given_name, family_name, birth_date));
  v_answer app_public.profile_claim;
  v_email text;
  v_phone text;
  v_patient app_public.patients;
  v_profile app_public.patient_profiles;
  v_code app_private.codes;
  v_claim app_private.profile_claims;
begin
  if v_remembered is not null then
    perform app_private.require_open_clinic(organization_id);
    return jsonb_populate_record(v_answer, v_remembered);
  end if;
  v_clinic := app_private.require_open_clinic(organization_id);
  if strpos(contact, '@') > 0 then
    v_email := app_hidden.address_key(contact);
  else
    v_phone := app_hidden.e164(contact, v_clinic.country, 'contact');
  end if;
  if v_email is null and v_phone is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "contact"}');
  end if;

  -- One after the other, or both would be the last that is allowed: an account may name several contacts, and several
  -- accounts one patient, by address and by number.
  perform app_private.lock_account();
  if (select count(*) from app_private.profile_claims
      where profile_claims.human_id = v_human.principal_id
        and profile_claims.created_at > app_hidden.now() - interval '24 hours') >= 5 then
    perform app_hidden.refuse('RATE_LIMITED', 'many_claims', '{"retryAfterSeconds": 86400}');
  end if;

  v_patient := app_private.profile_to_claim(
    v_clinic.id, v_email, v_phone, app_private.name_key(given_name || ' ' || family_name), request_profile_claim.birth_date);
  perform pg_advisory_xact_lock(hashtextextended('claims of ' || v_patient.id, 0));
  if (select count(*) from app_private.profile_claims
      where profile_claims.organization_id = v_clinic.id
        and profile_claims.patient_profile_id = v_patient.patient_profile_id
        and profile_claims.created_at > app_hidden.now() - interval '24 hours') >= 3 then
    v_patient := null;
  end if;

  v_code := app_private.new_code(v_clinic.id, interval '15 minutes');
  insert into app_private.profile_claims (organization_id, human_id, code_id, patient_profile_id, created_at)
  values (v_clinic.id, v_human.principal_id, v_code.id, v_patient.patient_profile_id, app_hidden.now())
  returning * into v_claim;
  if v_patient.id is not null then
    select patient_profiles.* into strict v_profile
    from app_public.patient_profiles
    where patient_profiles.id = v_patient.patient_profile_id;
    -- To what the clinic has, and only where the caller named it.
    perform app_private.notify(
      v_clinic.id, 'profile_claim_code', jsonb_build_object('code', v_code.id),
      name => v_profile.given_name || ' ' || v_profile.family_name,
      email => case when v_email is not null then v_profile.email end,
      phone => case when v_phone is not null then v_profile.phone end,
      locale => v_profile.locale);
  end if;
  v_answer := app_private.profile_claim_of(v_claim);
  perform app_private.remember('request_profile_claim', to_jsonb(v_answer));
  return v_answer;
end;
$$;

comment on function app_public.request_profile_claim is
  E'@arg contact The address or the telephone number that the clinic has.\n'
  'Asks a clinic to hand over the profile that it has of the caller. If it has a patient of this name with this address or number, a '
  'code goes there; the answer is the same if not. confirmProfileClaim takes the code. FORBIDDEN email_not_verified; RATE_LIMITED '
  'many_claims.';
grant execute on function app_public.request_profile_claim to app_member;

reset role;
