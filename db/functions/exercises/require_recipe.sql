-- What is prescribed of an exercise, and what its video is composed for: one object for both, and the one place that says what it may
-- be. Written in full, so that the same prescription has one text and one hash, however it was given. EXL-01, EXL-03, TPL-01.

create or replace function app_private.is_whole(value jsonb, lowest int, highest int) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce(case when jsonb_typeof(is_whole.value) = 'number'
  then (is_whole.value #>> '{}')::numeric % 1 = 0 and (is_whole.value #>> '{}')::numeric between is_whole.lowest and is_whole.highest end, false);

comment on function app_private.is_whole is 'Whether a value is a whole number between two.';
grant execute on function app_private.is_whole to app_engine;

create or replace function app_private.recipe_problem(recipe jsonb) returns text
language sql immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(recipe) is distinct from 'object'
      or recipe - '{sets,reps,seconds,restSeconds,tempo,side}'::text[] <> '{}' then ''
    when not app_private.is_whole(recipe -> 'sets', 1, 20) then '.sets'
    when num_nonnulls(recipe ->> 'reps', recipe ->> 'seconds') <> 1 then '.reps'
    when recipe ->> 'reps' is not null and not app_private.is_whole(recipe -> 'reps', 1, 100) then '.reps'
    when recipe ->> 'seconds' is not null and not app_private.is_whole(recipe -> 'seconds', 1, 3600) then '.seconds'
    when not app_private.is_whole(recipe -> 'restSeconds', 0, 600) then '.restSeconds'
    when recipe ->> 'tempo' is not null and not (
      jsonb_typeof(recipe -> 'tempo') = 'object'
      and (recipe -> 'tempo') - '{up,hold,down}'::text[] = '{}'
      and app_private.is_whole(recipe -> 'tempo' -> 'up', 1, 30)
      and app_private.is_whole(recipe -> 'tempo' -> 'hold', 0, 60)
      and app_private.is_whole(recipe -> 'tempo' -> 'down', 1, 30)) then '.tempo'
    when recipe ->> 'side' is not null
      and recipe -> 'side' not in ('"left"', '"right"', '"both"', '"alternate"') then '.side'
  end;
end;

comment on function app_private.recipe_problem is
  'Which part of a prescription does not fit, as .sets, or nothing but its whole; null when it fits.';
grant execute on function app_private.recipe_problem to app_engine;

-- Whole numbers are written as such, since JSON can also say 3.0.
create or replace function app_private.full_recipe(recipe jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'sets', (recipe ->> 'sets')::numeric::int, 'reps', (recipe ->> 'reps')::numeric::int,
    'seconds', (recipe ->> 'seconds')::numeric::int, 'restSeconds', (recipe ->> 'restSeconds')::numeric::int,
    'tempo', case when recipe ->> 'tempo' is not null then jsonb_build_object(
      'up', (recipe -> 'tempo' ->> 'up')::numeric::int, 'hold', (recipe -> 'tempo' ->> 'hold')::numeric::int,
      'down', (recipe -> 'tempo' ->> 'down')::numeric::int) end,
    'side', recipe ->> 'side');
end;

comment on function app_private.full_recipe is 'A prescription that fits, with each of its six parts: null where nothing is said.';
grant execute on function app_private.full_recipe to app_engine;

create or replace function app_private.require_recipe(recipe jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_problem constant text := app_private.recipe_problem(recipe);
begin
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'recipe_malformed', jsonb_build_object('field', 'recipe', 'path', 'recipe' || v_problem));
  end if;
  return app_private.full_recipe(recipe);
end;
$$;

comment on function app_private.require_recipe is
  'A prescription with each of its six parts, null where nothing is said: {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}; '
  'VALIDATION recipe_malformed with the path otherwise.';
grant execute on function app_private.require_recipe to app_engine;

create or replace function app_private.recipe_hash(recipe jsonb) returns text
language sql immutable strict
set search_path = ''
return app_private.hex_digest(app_private.canonical_json(recipe));

comment on function app_private.recipe_hash is 'By what the video of a prescription is known: the SHA-256 of its canonical text.';
grant execute on function app_private.recipe_hash to app_engine;

create or replace function app_private.catalog_recipe() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '{"sets": 1, "reps": 3, "seconds": null, "restSeconds": 0, "tempo": null, "side": null}'::jsonb;

comment on function app_private.catalog_recipe is 'What the video of the catalog shows of an exercise that is counted: three repetitions.';
grant execute on function app_private.catalog_recipe to app_engine;
