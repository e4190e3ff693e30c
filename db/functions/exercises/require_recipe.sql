-- What is prescribed of an exercise, and what its video is composed for: one object for both. Written in full, so that the same
-- prescription has one text and one hash, however it was given. EXL-01, EXL-03.

create or replace function app_private.require_recipe(recipe jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_recipe constant jsonb := jsonb_strip_nulls(recipe);
  v_tempo constant jsonb := v_recipe -> 'tempo';
begin
  if jsonb_typeof(v_recipe) is distinct from 'object'
    or v_recipe - '{sets,reps,seconds,restSeconds,tempo,side}'::text[] <> '{}'
    or not app_private.counts_between(v_recipe -> 'sets', 1, 20)
    or not app_private.counts_between(v_recipe -> 'restSeconds', 0, 600)
    or v_recipe ? 'reps' = v_recipe ? 'seconds'
    or v_recipe ? 'reps' and not app_private.counts_between(v_recipe -> 'reps', 1, 100)
    or v_recipe ? 'seconds' and not app_private.counts_between(v_recipe -> 'seconds', 1, 3600)
    or v_recipe ? 'side' and v_recipe -> 'side' <> all (array['"left"', '"right"', '"both"', '"alternate"']::jsonb[])
    or v_recipe ? 'tempo' and (
      jsonb_typeof(v_tempo) <> 'object'
      or not v_tempo ?& '{up,hold,down}'
      or v_tempo - '{up,hold,down}'::text[] <> '{}'
      or not app_private.counts_between(v_tempo -> 'up', 1, 30)
      or not app_private.counts_between(v_tempo -> 'hold', 0, 60)
      or not app_private.counts_between(v_tempo -> 'down', 1, 30))
  then
    perform app_hidden.refuse('VALIDATION', 'recipe_malformed', '{"field": "recipe"}');
  end if;
  return jsonb_build_object(
    'sets', app_private.whole(v_recipe -> 'sets'),
    'reps', app_private.whole(v_recipe -> 'reps'),
    'seconds', app_private.whole(v_recipe -> 'seconds'),
    'restSeconds', app_private.whole(v_recipe -> 'restSeconds'),
    'tempo', case when v_recipe ? 'tempo' then jsonb_build_object(
      'up', app_private.whole(v_tempo -> 'up'), 'hold', app_private.whole(v_tempo -> 'hold'), 'down', app_private.whole(v_tempo -> 'down')) end,
    'side', v_recipe ->> 'side');
end;
$$;

comment on function app_private.require_recipe is
  'A prescription with each of its six parts, null where nothing is said: {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}; '
  'VALIDATION recipe_malformed otherwise.';
grant execute on function app_private.require_recipe to app_engine;

create or replace function app_private.counts_between(value jsonb, lowest int, most int) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce(case when jsonb_typeof(value) = 'number'
  then (value #>> '{}')::numeric between lowest and most and (value #>> '{}')::numeric % 1 = 0 end, false);

comment on function app_private.counts_between is 'Whether a value is a whole number within bounds.';
grant execute on function app_private.counts_between to app_engine;

create or replace function app_private.whole(value jsonb) returns int
language sql immutable strict parallel safe
set search_path = ''
return (value #>> '{}')::numeric::int;

comment on function app_private.whole is 'A whole number out of JSON, which also writes it as 3.0.';
grant execute on function app_private.whole to app_engine;

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
