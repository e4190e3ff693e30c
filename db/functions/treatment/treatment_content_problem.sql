-- What is wrong with what somebody wrote into a treatment plan: the first place that does not fit. The one place that says what a
-- prescription may be; what exercises there are is asked where it is written. TPL-01.

create or replace function app_private.is_whole(value jsonb, lowest int, highest int) returns boolean
language sql immutable
set search_path = ''
return coalesce(jsonb_typeof(is_whole.value) = 'number'
  and case when jsonb_typeof(is_whole.value) = 'number'
    then (is_whole.value #>> '{}')::numeric % 1 = 0 and (is_whole.value #>> '{}')::numeric between is_whole.lowest and is_whole.highest end, false);

comment on function app_private.is_whole is 'Whether a value is a whole number between two.';
grant execute on function app_private.is_whole to app_engine;

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

create or replace function app_private.prescription_problem(prescription jsonb) returns text
language sql immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(prescription) is distinct from 'object'
      or prescription - '{sets,reps,seconds,restSeconds,tempo,side}'::text[] <> '{}' then ''
    when not app_private.is_whole(prescription -> 'sets', 1, 20) then '.sets'
    when num_nonnulls(prescription ->> 'reps', prescription ->> 'seconds') <> 1 then '.reps'
    when prescription ->> 'reps' is not null and not app_private.is_whole(prescription -> 'reps', 1, 100) then '.reps'
    when prescription ->> 'seconds' is not null and not app_private.is_whole(prescription -> 'seconds', 1, 3600) then '.seconds'
    when not app_private.is_whole(prescription -> 'restSeconds', 0, 600) then '.restSeconds'
    when prescription ->> 'tempo' is not null and not (
      jsonb_typeof(prescription -> 'tempo') = 'object'
      and (prescription -> 'tempo') - '{up,hold,down}'::text[] = '{}'
      and app_private.is_whole(prescription -> 'tempo' -> 'up', 1, 30)
      and app_private.is_whole(prescription -> 'tempo' -> 'hold', 0, 60)
      and app_private.is_whole(prescription -> 'tempo' -> 'down', 1, 30)) then '.tempo'
    when prescription ->> 'side' is not null
      and prescription -> 'side' not in ('"left"', '"right"', '"both"', '"alternate"') then '.side'
  end;
end;

comment on function app_private.prescription_problem is
  'Which part of a prescription does not fit, as .sets, or nothing but its whole; null when it fits.';
grant execute on function app_private.prescription_problem to app_engine;

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
      v_problem := app_private.prescription_problem(v_exercise.it -> 'prescription');
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
