-- Who of a clinic's patients somebody may be, and what speaks for it. An address may be a family's, a number a
-- household's, a name a namesake's: each alone is a reason to ask and never to decide. Of somebody with an account the
-- address they sign in with counts as theirs too. Other clinics' patients are never looked at. FND-34, APT-09.

create or replace function app_private.people_like(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null
) returns setof app_private.person_candidate
language sql stable
set search_path = ''
as $$
  with asked as materialized (
    select app_hidden.address_key(people_like.email) as email, people_like.phone as phone, people_like.birth_date as birth_date,
           app_private.name_key(people_like.given_name || ' ' || people_like.family_name) as name
  ),
  -- One index each; what they find is few.
  found as (
    select patient_profiles.id from asked join app_public.patient_profiles on app_hidden.ascii_lower(patient_profiles.email) = asked.email
    union
    select patient_profiles.id
    from asked
    join app_public.humans on humans.email = asked.email
    join app_public.patient_profiles on patient_profiles.human_id = humans.principal_id
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.phone = asked.phone
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.birth_date = asked.birth_date
  ),
  compared as (
    select patients.id as patient_id, profile.id as patient_profile_id,
           case when app_hidden.ascii_lower(profile.email) = asked.email or humans.email = asked.email then true
                when coalesce(profile.email, humans.email) is not null and asked.email is not null then false end as address,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) = asked.name as name,
           profile.phone = asked.phone as telephone,
           profile.birth_date = asked.birth_date as birthday
    from asked
    cross join found
    join app_public.patient_profiles as profile on profile.id = found.id
    join app_public.patients
      on patients.organization_id = people_like.organization_id
     and patients.patient_profile_id = profile.id
     and patients.deleted_at is null
    left join app_public.humans on humans.principal_id = profile.human_id
  )
  select compared.patient_id, compared.patient_profile_id, compared.address, compared.name, compared.telephone, compared.birthday
  from compared
  where compared.address or compared.telephone or (compared.name and compared.birthday)
  order by (compared.address and compared.name) is true desc,
           (compared.address is true)::int + (compared.name is true)::int + (compared.telephone is true)::int
             + (compared.birthday is true)::int desc,
           compared.patient_profile_id
  limit 20
$$;

comment on function app_private.people_like is
  'Patients of the clinic with this address, this number, or this name and birthday, likeliest first, at most 20.';
grant execute on function app_private.people_like to app_engine;

create or replace function app_private.refuse_unclear(candidates app_private.person_candidate[]) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'person_unclear',
    jsonb_build_object('candidates', (
      select jsonb_agg(jsonb_build_object(
        'patientId', candidate.patient_id,
        'patientProfileId', candidate.patient_profile_id,
        'agrees', array_to_json(array_remove(array[
          case when candidate.address then 'address' end, case when candidate.name then 'name' end,
          case when candidate.telephone then 'telephone' end, case when candidate.birthday then 'birthday' end], null)),
        'differs', array_to_json(array_remove(array[
          case when not candidate.address then 'address' end, case when not candidate.name then 'name' end,
          case when not candidate.telephone then 'telephone' end, case when not candidate.birthday then 'birthday' end], null)))
        order by candidate.place)
      from unnest(candidates) with ordinality
        as candidate (patient_id, patient_profile_id, address, name, telephone, birthday, place))));
end;
$$;

comment on function app_private.refuse_unclear is
  'CONFLICT person_unclear with the candidates: ids and the names of facts that agree and differ, never their values.';
grant execute on function app_private.refuse_unclear to app_engine;
