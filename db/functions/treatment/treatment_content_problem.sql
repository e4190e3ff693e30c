-- What is wrong with what somebody wrote into a treatment plan: the first place that does not fit. What exercises
-- there are is asked where it is written. TPL-01.

create or replace function app_private.is_title(value jsonb) returns boolean
language sql immutable
set search_path = ''
begin atomic
  select coalesce(
    jsonb_typeof(is_title.value) = 'object' and is_title.value ? 'ro' and is_title.value - '{ro,en}'::text[] = '{}'
    and (
      select bool_and(jsonb_typeof(said.value) = 'string' and said.value #>> '{}' ~ '[^[:space:]]' and said.value #>> '{}' !~ '[[:cntrl:]]'
        and length(said.value #>> '{}') <= 120)
      from jsonb_each(case when jsonb_typeof(is_title.value) = 'object' then is_title.value else '{}' end) as said), false);
end;

comment on function app_private.is_title is 'Whether a value is a line in Romanian, and perhaps in English: {"ro": "…", "en": "…"}.';
grant execute on function app_private.is_title to app_engine;

create or replace function app_private.treatment_content_problem(sessions jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_session record;
  v_exercise record;
  v_path text;
  v_problem text;
begin
  if jsonb_typeof(sessions) is distinct from 'array' or jsonb_array_length(sessions) not between 1 and 100 then
    return 'sessions';
  end if;
  for v_session in select value as it, number - 1 as place from jsonb_array_elements(sessions) with ordinality as listed (value, number) loop
    v_path := 'sessions.' || v_session.place;
    if jsonb_typeof(v_session.it) <> 'object' or v_session.it - '{title,place,afterDays,exercises}'::text[] <> '{}' then
      return v_path;
    elsif not app_private.is_title(v_session.it -> 'title') then
      return v_path || '.title';
    elsif coalesce(v_session.it -> 'place', 'null') not in ('"home"', '"clinic"') then
      return v_path || '.place';
    elsif not app_private.is_whole(v_session.it -> 'afterDays', 0, 366) then
      return v_path || '.afterDays';
    elsif jsonb_typeof(v_session.it -> 'exercises') is distinct from 'array'
      or jsonb_array_length(v_session.it -> 'exercises') not between (case v_session.it ->> 'place' when 'home' then 1 else 0 end) and 50 then
      return v_path || '.exercises';
    end if;
    for v_exercise in
      select value as it, number - 1 as place from jsonb_array_elements(v_session.it -> 'exercises') with ordinality as listed (value, number)
    loop
      if jsonb_typeof(v_exercise.it) <> 'object' or v_exercise.it - '{exerciseId,prescription}'::text[] <> '{}'
        or pg_input_is_valid(v_exercise.it ->> 'exerciseId', 'uuid') is not true then
        return v_path || '.exercises.' || v_exercise.place || '.exerciseId';
      end if;
      v_problem := app_private.recipe_problem(v_exercise.it -> 'prescription');
      if v_problem is not null then
        return v_path || '.exercises.' || v_exercise.place || '.prescription' || v_problem;
      end if;
    end loop;
  end loop;
  return null;
end;
$$;

comment on function app_private.treatment_content_problem is
  'Where the sessions of a treatment plan do not fit, as sessions.0.exercises.2.prescription.sets; null when they do.';
grant execute on function app_private.treatment_content_problem to app_engine;
