-- For patients who were found, the others of the clinic who are probably the same person, by the rule of
-- likely_duplicates(). Whoever shares an address, a number or a birthday is looked up by it; what more than twenty have in
-- common says nothing of two. FND-34, FND-07.

create or replace function app_private.duplicates_among(organization_id uuid, profile_ids uuid[])
returns table (patient_profile_id uuid, duplicate_ids uuid[])
language sql stable
set search_path = ''
begin atomic
  with people as materialized (
    select patient_search.patient_profile_id, min(patient_search.text) as text,
           min(patient_search.word) filter (where patient_search.word like '@%') as address,
           min(patient_search.word) filter (where patient_search.word like '+%') as telephone,
           min(patient_search.word) filter (where patient_search.word like '=%') as birthday
    from app_private.patient_search
    where patient_search.organization_id = duplicates_among.organization_id
      and patient_search.patient_profile_id = any (duplicates_among.profile_ids)
    group by patient_search.patient_profile_id
  ),
  pairs as materialized (
    select distinct people.patient_profile_id, other.patient_profile_id as other_id, other.text as other_text
    from people
    cross join lateral unnest(array[people.address, people.telephone, people.birthday]) as fact
    cross join lateral (
      select patient_search.patient_profile_id, patient_search.text
      from app_private.patient_search
      where patient_search.organization_id = duplicates_among.organization_id
        and patient_search.word = fact
        and patient_search.patient_profile_id <> people.patient_profile_id
      limit 20
    ) as other
  ),
  -- Names are folded in the text already; their order does not count.
  compared as (
    select pairs.patient_profile_id, pairs.other_id,
           strpos(pairs.other_text || ' ', ' ' || people.address || ' ') > 0 as address,
           strpos(pairs.other_text || ' ', ' ' || people.telephone || ' ') > 0 as telephone,
           case when pairs.other_text like '% =%' then strpos(pairs.other_text, ' ' || people.birthday) > 0 end as birthday,
           -- Words in another order are as long as before: most names are not looked at closer.
           case when length(given.one) = length(given.other)
                then app_private.name_key(given.one) = app_private.name_key(given.other) else false end as given_name,
           case when length(names.one) = length(names.other)
                then app_private.name_key(names.one) = app_private.name_key(names.other) else false end as name
    from pairs
    join people on people.patient_profile_id = pairs.patient_profile_id
    cross join lateral (select split_part(people.text, ' ;', 1) as one, split_part(pairs.other_text, ' ;', 1) as other) as names
    cross join lateral (select split_part(names.one, ' , ', 2) as one, split_part(names.other, ' , ', 2) as other) as given
  )
  select compared.patient_profile_id, array_agg(patients.id order by patients.id)
  from compared
  join app_public.patients
    on patients.organization_id = duplicates_among.organization_id
   and patients.patient_profile_id = compared.other_id
   and patients.deleted_at is null
  where app_private.is_one_person(compared.address, compared.name, compared.given_name, compared.telephone, compared.birthday)
  group by compared.patient_profile_id;
end;

comment on function app_private.duplicates_among is
  'Those of the patients, by their profiles, who have likely duplicates, with these by the id of Patient.';
grant execute on function app_private.duplicates_among to app_engine;
