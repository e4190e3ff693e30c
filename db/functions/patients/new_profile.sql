-- A person who signed up by themselves, or whom a parent enrols. The address is the one that the account has proved. FND-32.

create or replace function app_private.new_profile(
  clinic app_public.organizations,
  given_name text,
  family_name text,
  birth_date date,
  phone text,
  human_id uuid default null
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_human app_public.humans := app_private.require_proved_address();
  v_missing text := case when nullif(btrim(given_name), '') is null then 'givenName'
                         when nullif(btrim(family_name), '') is null then 'familyName'
                         when new_profile.birth_date is null then 'birthDate' end;
  v_profile_id uuid;
begin
  if v_missing is not null then
    perform app_hidden.refuse('VALIDATION', 'required', jsonb_build_object('field', v_missing));
  end if;
  if new_profile.birth_date > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse('VALIDATION', 'not_born_yet', '{"field": "birthDate"}');
  end if;
  insert into app_public.patient_profiles (human_id, given_name, family_name, email, phone, birth_date, locale)
  values (new_profile.human_id, new_profile.given_name, new_profile.family_name, v_human.email,
          app_hidden.e164(new_profile.phone, clinic.country), new_profile.birth_date, v_human.locale)
  returning patient_profiles.id into v_profile_id;
  return v_profile_id;
end;
$$;

comment on function app_private.new_profile is 'Makes a profile with the caller''s proved address; VALIDATION required, not_born_yet.';
grant execute on function app_private.new_profile to app_engine;
