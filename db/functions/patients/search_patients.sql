-- Front desk types what they hear and read: muresan ana, ţăranu, 0722 123, 14.03.1985, ana.pop@. Without diacritics, half
-- of a name, or a name with a slip. FND-07.
-- The rights are asked first, and the engine looks. Whole words come before beginnings, and what is only similar is looked
-- for when little else was found.

set role app_engine;

create or replace function app_public.search_patients(organization_id uuid, text text)
returns setof app_public.patient_match
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_most constant int := 50;
  v_terms text[];
  v_ids uuid[] := '{}';
  v_whole int;
  v_alike int;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  if length(search_patients.text) > 200 then
    perform app_hidden.refuse('VALIDATION', 'text_too_long', '{"field": "text", "most": 200}');
  end if;
  select app_private.search_terms(search_patients.text, organizations.calling_code) into strict v_terms
  from app_public.organizations
  where organizations.id = search_patients.organization_id;

  v_ids := array(select app_private.patients_by_words(organization_id, v_terms, true, v_most));
  v_whole := cardinality(v_ids);
  if v_whole < v_most then
    v_ids := v_ids || array(select app_private.patients_by_words(organization_id, v_terms, false, v_most));
  end if;
  -- What could be the beginning of an address: ana.pop, mari85.
  if v_ids = '{}' and search_patients.text ~ '^\s*[[:alnum:]]+[._+0-9-][[:alnum:]._+-]*\s*$' then
    v_ids := array(select app_private.patients_by_words(
      organization_id, array['@' || app_hidden.ascii_lower(btrim(search_patients.text))], false, v_most));
  end if;
  v_alike := cardinality(v_ids);
  -- Who has the whole word has its beginning as well, and counts once.
  if (select count(distinct id) from unnest(v_ids) as id) < 10 then
    v_ids := v_ids || array(select app_private.patients_by_words(
      organization_id, app_private.similar_terms(organization_id, v_terms), true, 20));
  end if;

  return query
    with found as materialized (
      select id, min(place) as place
      from unnest(v_ids) with ordinality as one (id, place)
      group by id
      order by place
      limit v_most
    )
    select patients.id, patient_profiles.id, found.place > v_alike, coalesce(duplicates.duplicate_ids, '{}')
    from found
    join app_public.patients
      on patients.organization_id = search_patients.organization_id and patients.patient_profile_id = found.id
    join app_public.patient_profiles on patient_profiles.id = found.id
    left join app_private.duplicates_among(search_patients.organization_id, array(select found.id from found)) as duplicates
      on duplicates.patient_profile_id = found.id
    order by found.place > v_alike, found.place > v_whole,
             starts_with(app_hidden.search_text(patient_profiles.family_name), split_part(v_terms[1], e'\n', 1)) desc,
             patient_profiles.family_name collate "ro-x-icu", patient_profiles.given_name collate "ro-x-icu", patients.id;
end;
$$;

comment on function app_public.search_patients is
  E'@arg text Names or their beginnings in any order, a number or its last digits, an address, a birthday; 200 characters at most.\n'
  'Patients of a clinic by what people say of themselves, without regard to case and diacritics: whole words before beginnings, '
  'and where little else is found, names that are similar; the first 50. Needs patients.view.';
grant execute on function app_public.search_patients to app_member;

reset role;
