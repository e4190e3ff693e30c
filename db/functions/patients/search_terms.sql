-- What somebody typed, as what a patient must have: names in any order, a number as people write it, a birthday as
-- they write it in Romanian and English, an address. A word that can be read in several ways is a term of several lines,
-- of which one must fit. Nothing of it becomes a pattern. FND-07.

create or replace function app_private.search_terms(text text, calling_code text) returns text[]
language plpgsql stable strict
set search_path = ''
as $$
declare
  v_rest text := search_terms.text;
  v_date text[];
  v_day date;
  v_number text := '';
  v_names text := '';
  v_terms text[] := '{}';
  v_token text;
begin
  -- 14.03.1985, 14/3/1985, 14-03-85, and 1985-03-14.
  for v_date in
    select match
    from regexp_matches(
      v_rest,
      '(?<![[:alnum:]+])'
      '(?:(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})|(\d{4})([./-])(\d{1,2})\6(\d{1,2}))'
      '(?![[:alnum:]])', 'g') as match
  loop
    v_day := case when v_date[5] is null
      then app_private.day_of(v_date[4], v_date[3], v_date[1])
      else app_private.day_of(v_date[5], v_date[7], v_date[8]) end;
    if v_day is not null then
      v_terms := v_terms || ('=' || to_char(v_day, 'YYYY-MM-DD'));
      v_rest := replace(v_rest, coalesce(
        v_date[1] || v_date[2] || v_date[3] || v_date[2] || v_date[4],
        v_date[5] || v_date[6] || v_date[7] || v_date[6] || v_date[8]), ' ');
    end if;
  end loop;

  foreach v_token in array regexp_split_to_array(v_rest, '\s+') loop
    if position('@' in v_token) > 0 then
      v_terms := v_terms || ('@' || app_hidden.ascii_lower(v_token));
    elsif v_token ~ '^[+(]?[0-9][0-9()./-]*$' then
      v_number := v_number || v_token;
    else
      v_names := v_names || ' ' || v_token;
    end if;
  end loop;

  if v_number <> '' then
    v_terms := v_terms || app_private.number_term(v_number, calling_code);
  end if;
  return (
    select coalesce(array_agg(term), '{}')
    from (
      select term from unnest(v_terms || string_to_array(app_hidden.search_text(v_names), ' ')) with ordinality as part (term, place)
      order by place
      limit 8
    ) as kept);
end;
$$;

comment on function app_private.search_terms is
  'What a patient must have to be found by this text, in the words of patient_search; lines of one term are alternatives.';
grant execute on function app_private.search_terms to app_engine;
