-- What a template may say: the language of forms, version 1 (docs/form-content.schema.json), with its bounds. Everything that a
-- draft holds passes here, so whoever fills a form in, or shows it, can rely on it. FRM-02. There are no patterns in it, and
-- nothing that runs: what a form costs is bounded by its size.

create or replace function app_private.content_problems(content jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_problems jsonb := '[]';
  v_fields jsonb := '{}';
  v_count int := 0;
  v_score record;
  v_scores text[] := '{}';
begin
  if octet_length(content::text) > 200000 then
    v_problems := app_private.with_problem(v_problems, '', 'too_large_in_all', 200000);
  elsif jsonb_typeof(content) is distinct from 'object' then
    v_problems := app_private.with_problem(v_problems, '', 'not_an_object');
  else
    v_problems := app_private.with_unknown(v_problems, content, '', '{format,title,intro,intent,items,scores}');
    if content -> 'format' is distinct from '1' then
      v_problems := app_private.with_problem(v_problems, 'format', 'format_unknown', 1);
    end if;
    v_problems := app_private.with_text(v_problems, content, '', 'title', true);
    v_problems := app_private.with_text(v_problems, content, '', 'intro');
    v_problems := app_private.with_text(v_problems, content, '', 'intent');
    select walked.problems, walked.fields, walked.count into v_problems, v_fields, v_count
    from app_private.walk_items(content, '', '{}'::text[], 0, v_problems, v_fields, v_count) as walked;

    if jsonb_typeof(content -> 'scores') <> 'array' or jsonb_array_length(content -> 'scores') > 20 then
      v_problems := app_private.with_problem(v_problems, 'scores', 'not_a_list', 20);
    else
      for v_score in select value, ordinality - 1 as place from jsonb_array_elements(content -> 'scores') with ordinality loop
        v_problems := app_private.with_score(v_problems, v_score.value, format('scores[%s]', v_score.place), v_fields);
        if v_score.value ->> 'key' = any (v_scores) then
          v_problems := app_private.with_problem(v_problems, format('scores[%s].key', v_score.place), 'key_twice');
        end if;
        v_scores := v_scores || (v_score.value ->> 'key');
      end loop;
    end if;
  end if;

  return query
    select problem.value ->> 'path', problem.value ->> 'reason', problem.value -> 'details'
    from jsonb_array_elements(v_problems) as problem
    limit 100;
end;
$$;

comment on function app_private.content_problems is
  'What is wrong with the content of a template: path, reason, and the bound; nothing where all is well.';
grant execute on function app_private.content_problems to app_engine;

-- Problems are collected in one list, each with its place, and with the bound that was passed.
create or replace function app_private.with_problem(problems jsonb, path text, reason text, bound int default null) returns jsonb
language sql immutable
set search_path = ''
return with_problem.problems || jsonb_build_object(
  'path', left(with_problem.path, 200), 'reason', with_problem.reason,
  'details', case when with_problem.bound is null then '{}' else jsonb_build_object('bound', with_problem.bound) end);

comment on function app_private.with_problem is 'The problems and one more.';
grant execute on function app_private.with_problem to app_engine;

create or replace function app_private.with_unknown(problems jsonb, object jsonb, path text, known text[]) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select with_unknown.problems || coalesce(
    jsonb_agg(jsonb_build_object(
      'path', left(concat_ws('.', nullif(with_unknown.path, ''), named.key), 200), 'reason', 'property_unknown', 'details', '{}'::jsonb)),
    '[]')
  from (
    select key from jsonb_object_keys(with_unknown.object) as key where key <> all (with_unknown.known) order by key limit 20
  ) as named;
end;

comment on function app_private.with_unknown is 'The problems, and each property that is not known there.';
grant execute on function app_private.with_unknown to app_engine;

-- A text in Romanian, in English or in both.
create or replace function app_private.with_text(problems jsonb, object jsonb, path text, property text, required boolean default false)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_text constant jsonb := object -> property;
  v_path constant text := concat_ws('.', nullif(path, ''), property);
begin
  if v_text is null then
    return case when required then app_private.with_problem(problems, v_path, 'required') else problems end;
  elsif jsonb_typeof(v_text) <> 'object' or v_text = '{}' or v_text - '{ro,en}'::text[] <> '{}'
        or exists (select from jsonb_each(v_text) as said where jsonb_typeof(said.value) <> 'string') then
    return app_private.with_problem(problems, v_path, 'not_a_text_by_language');
  elsif exists (select from jsonb_each_text(v_text) as said where length(said.value) > 10000) then
    return app_private.with_problem(problems, v_path, 'too_long', 10000);
  elsif exists (select from jsonb_each_text(v_text) as said where btrim(said.value, e' \t\r\n') = '') then
    return app_private.with_problem(problems, v_path, 'blank');
  end if;
  return problems;
end;
$$;

comment on function app_private.with_text is 'The problems, and what is wrong with a text by language.';
grant execute on function app_private.with_text to app_engine;
