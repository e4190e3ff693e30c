-- Which patients of a clinic are probably one person, as is_one_person() says: shown, never merged by themselves. A page
-- looks at 200 patients, newest first, and finds their like by index, so its cost does not grow with the clinic. FND-34.

set role app_engine;

create or replace function app_public.likely_duplicates(organization_id uuid, before uuid default null)
returns app_public.duplicates_page
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_page app_public.duplicates_page;
begin
  perform app_private.require_permission(organization_id, 'patients.view');

  with page as materialized (
    select patients.id, patients.patient_profile_id
    from app_public.patients
    where patients.organization_id = likely_duplicates.organization_id
      and patients.deleted_at is null
      and (likely_duplicates.before is null or patients.id < likely_duplicates.before)
    order by patients.id desc
    limit 200
  ),
  people as materialized (
    select page.id as patient_id, profile.id, app_hidden.ascii_lower(profile.email) as email, profile.phone, profile.birth_date,
           app_private.name_key(profile.given_name) as given_name,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) as name
    from page
    join app_public.patient_profiles as profile on profile.id = page.patient_profile_id
  ),
  pairs as (
    select people.patient_id, people.id, alike.patient_id as other_patient_id, alike.id as other_id,
           alike.address, alike.name, alike.telephone, alike.birthday
    from people
    cross join lateral (
      select compared.*
      from (
        select found.patient_id, other.id,
               app_hidden.ascii_lower(other.email) = people.email as address,
               app_private.name_key(other.given_name || ' ' || other.family_name) = people.name as name,
               app_private.name_key(other.given_name) = people.given_name as given_name,
               other.phone = people.phone as telephone,
               other.birth_date = people.birth_date as birthday
        -- One index each. What more than twenty have in common says nothing of two.
        from (
          (select patients.id as patient_id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where app_hidden.ascii_lower(earlier.email) = people.email and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.phone = people.phone and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.birth_date = people.birth_date and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
        ) as found
        join app_public.patient_profiles as other on other.id = found.id
        -- Names are folded once a pair.
        offset 0
      ) as compared
      where app_private.is_one_person(compared.address, compared.name, compared.given_name, compared.telephone, compared.birthday)
      order by compared.patient_id desc
      limit 5
    ) as alike
  )
  select
    (select coalesce(array_agg(row(
        pairs.patient_id, pairs.id, pairs.other_patient_id, pairs.other_id,
        array_remove(array[case when pairs.address then 'address' end, case when pairs.name then 'name' end,
                           case when pairs.telephone then 'telephone' end, case when pairs.birthday then 'birthday' end], null),
        array_remove(array[case when not pairs.address then 'address' end, case when not pairs.name then 'name' end,
                           case when not pairs.telephone then 'telephone' end], null)
      )::app_public.likely_duplicate order by pairs.patient_id desc, pairs.other_patient_id desc), '{}')
     from pairs),
    (select min(page.id::text)::uuid from page having count(*) = 200)
  into v_page;
  return v_page;
end;
$$;

comment on function app_public.likely_duplicates is
  'Pairs of the clinic''s patients who are probably one person, newest first; pass continueBefore of one page as before of the '
  'next. For staff with patients.view.';
grant execute on function app_public.likely_duplicates to app_member;

reset role;
