-- Patients of a clinic who have all terms. The term that the fewest have leads, in the order of its words, so that whole
-- words come first and the look-up ends when enough are found; the others are looked for in the text beside it. FND-07.

create or replace function app_private.patients_by_words(
  organization_id uuid,
  terms text[],
  whole boolean,
  most int
) returns setof uuid
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  -- No text sorts behind it.
  v_last constant text := case when whole then '' else chr(1114111) end;
  v_lead int := 1;
  v_words text[];
  v_beginnings text[];
  v_patterns text[];
begin
  if cardinality(terms) > 1 then
    select place into v_lead
    from unnest(terms) with ordinality as term (lines, place)
    cross join lateral (
      select count(*) as patients
      from string_to_table(term.lines, e'\n') as line
      cross join lateral (
        select from app_private.patient_search
        where patient_search.organization_id = patients_by_words.organization_id
          and patient_search.word >= line and patient_search.word <= line || v_last
        limit 1500
      ) as bounded
    ) as counted
    order by counted.patients, length(term.lines) desc, place
    limit 1;
  end if;
  v_words := string_to_array(terms[v_lead], e'\n');
  -- A plain comparison for what can be read in one way; it costs a third of the other.
  v_beginnings := array(
    select '% ' || regexp_replace(lines, '[%_\\]', '\\\&', 'g') || case when whole then ' %' else '%' end
    from unnest(terms) with ordinality as term (lines, place)
    where place <> v_lead and position(e'\n' in lines) = 0);
  v_patterns := array(
    select ' (' || replace(regexp_replace(lines, '[^[:alnum:]\n]', '\\\&', 'g'), e'\n', '|') || ')' || case when whole then ' ' else '' end
    from unnest(terms) with ordinality as term (lines, place)
    where place <> v_lead and position(e'\n' in lines) > 0);

  return query
    select found.patient_profile_id
    from unnest(v_words) as line
    cross join lateral (
      select patient_search.patient_profile_id
      from app_private.patient_search
      where patient_search.organization_id = patients_by_words.organization_id
        and patient_search.word >= line and patient_search.word <= line || v_last
        and patient_search.text || ' ' like all (v_beginnings)
        and patient_search.text || ' ' ~ all (v_patterns)
        and exists (
          select from app_public.patients
          where patients.organization_id = patients_by_words.organization_id
            and patients.patient_profile_id = patient_search.patient_profile_id
            and patients.deleted_at is null)
      order by patient_search.word
      limit most
    ) as found
    limit most;
end;
$$;

comment on function app_private.patients_by_words is
  'Patients, by their profiles, who have a word of each term, or one that begins so unless whole; at most so many.';
grant execute on function app_private.patients_by_words to app_engine;
