-- The one validation of answers, against what was asked: of a save, a completion and a signature, through whatever door.
-- What is hidden counts as not answered. FRM-04. Plain loops: a form of a hundred fields is checked in a few milliseconds.

-- The answers that count, of fields that are shown and not empty, and what is wrong.
create or replace function app_private.read_answers(
  snapshot jsonb, answers jsonb, complete boolean, out kept jsonb, out problems jsonb
)
language plpgsql immutable
set search_path = ''
as $$
begin
  kept := '{}';
  problems := '[]';
  if jsonb_typeof(answers) is distinct from 'object' then
    problems := '[{"path": "", "reason": "not_an_object", "details": {}}]';
  elsif octet_length(answers::text) > 200000 then
    problems := '[{"path": "", "reason": "too_large_in_all", "details": {"bound": 200000}}]';
  else
    select level.kept, level.problems into kept, problems
    from app_private.read_level(snapshot -> 'items', answers, '{}', '', complete, '[]') as level;
  end if;
end;
$$;

comment on function app_private.read_answers is 'The answers that count, and what is wrong: see form_problems().';
grant execute on function app_private.read_answers to app_engine;

-- One level: the form itself, or one entry of a group that repeats. What is not asked there is said and left out first,
-- so that conditions never look at it.
create or replace function app_private.read_level(
  items jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_unknown text[];
begin
  select array_agg(given.key order by given.key) into v_unknown
  from jsonb_object_keys(answers) as given (key)
  where given.key <> all (app_private.level_keys(items));
  kept := answers;
  if v_unknown is not null then
    kept := answers - v_unknown;
    select problems || coalesce(jsonb_agg(jsonb_build_object('path', prefix || left(unknown.key, 100), 'reason', 'unknown_key', 'details', '{}'::jsonb)), '[]')
    into problems
    from unnest(v_unknown[1:100]) as unknown (key);
  end if;
  select read.kept, read.problems into kept, problems
  from app_private.read_items(items, kept, outer_values, prefix, complete, problems) as read;
end;
$$;

comment on function app_private.read_level is 'Reads the answers of one level: see form_problems().';
grant execute on function app_private.read_level to app_engine;

-- Keys whose answers stand at this level: those of groups that do not repeat belong to it.
create or replace function app_private.level_keys(items jsonb) returns text[]
language plpgsql immutable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_keys text[] := '{}';
begin
  for v_item in select value from jsonb_array_elements(items) loop
    if v_item ->> 'type' <> 'group' then
      if v_item ->> 'type' <> 'statement' then
        v_keys := v_keys || (v_item ->> 'key');
      end if;
    elsif v_item ? 'repeat' then
      v_keys := v_keys || (v_item ->> 'key');
    else
      v_keys := v_keys || app_private.level_keys(v_item -> 'items');
    end if;
  end loop;
  return v_keys;
end;
$$;

comment on function app_private.level_keys is 'The keys under which answers to these items stand, those of groups that repeat among them.';
grant execute on function app_private.level_keys to app_engine;

create or replace function app_private.form_problems(snapshot jsonb, answers jsonb, complete boolean)
returns table (path text, reason text, details jsonb)
language sql immutable
set search_path = ''
begin atomic
  select problem.value ->> 'path', problem.value ->> 'reason', problem.value -> 'details'
  from jsonb_array_elements(
    (app_private.read_answers(form_problems.snapshot, form_problems.answers, form_problems.complete)).problems) as problem;
end;

comment on function app_private.form_problems is
  'What is wrong with answers: the path (medicines[1].name), the reason (required, too_long, not_offered, unknown_key, …) and '
  'its bound; nothing where all is well. complete: whether what is required must be there.';
grant execute on function app_private.form_problems to app_engine;
