-- Front desk types what they hear, without diacritics or half a name: muresan, ţăranu, ana mar, 0722 123. FND-07.
-- The rights are asked first, and the engine looks: an index on LIKE, which is not leakproof, carries nothing under row
-- security. The tenant is the first column of the index, so that a clinic's look-up costs what its own patients cost.

set role app_engine;

create or replace function app_public.search_patients(organization_id uuid, query text)
returns setof app_public.patients
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_words text[];
  v_patterns text[];
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  v_words := (
    select array_agg(word order by place)
    from regexp_split_to_table(app_hidden.search_text(left(query, 200)), ' ') with ordinality as part (word, place)
    where word <> '' and place <= 8);
  if v_words is null then
    return;
  end if;
  -- A word of a name is typed from its beginning, a number from anywhere, and at home with a zero.
  v_patterns := array(
    select case when word ~ '^[0-9]+$' then '%' || ltrim(word, '0') || '%' else '% ' || word || '%' end
    from unnest(v_words) as word);

  return query
    select patients.*
    from (
      select patient_search.patient_id, patient_search.text
      from app_private.patient_search
      join app_public.patients as open on open.id = patient_search.patient_id and open.deleted_at is null
      where patient_search.organization_id = search_patients.organization_id
        -- The longest word leads through the index, and the others are looked at beside it.
        and patient_search.text like (select pattern from unnest(v_patterns) as pattern order by length(pattern) desc, pattern limit 1)
        and patient_search.text like all (v_patterns)
      order by starts_with(patient_search.text, ' ' || array_to_string(v_words, ' ')) desc, patient_search.text collate "C"
      limit 100
    ) as found
    join app_public.patients on patients.id = found.patient_id
    join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
    order by starts_with(found.text, ' ' || array_to_string(v_words, ' ')) desc,
             patient_profiles.family_name collate "ro-x-icu", patient_profiles.given_name collate "ro-x-icu", patients.id;
end;
$$;

comment on function app_public.search_patients is
  'Patients of a clinic by the beginnings of their names, in any order and without regard to case and diacritics, or by a '
  'part of their number; the first 100, those whose family name begins with the query first. Needs patients.view.';
grant execute on function app_public.search_patients to app_member;

reset role;
