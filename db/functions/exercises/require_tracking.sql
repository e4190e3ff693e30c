-- What the camera follows of an exercise: joints by the names that the aggregation of movements knows, the one that is measured among
-- them, from where it is looked at, and from how many degrees on a movement counts. EXL-01.

create or replace function app_private.require_tracking(tracking jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if tracking is null or jsonb_typeof(tracking) = 'null' then
    return null;
  end if;
  if jsonb_typeof(tracking) <> 'object'
    or tracking - '{joints,view,primary,minRange}'::text[] <> '{}'
    or jsonb_typeof(tracking -> 'joints') is distinct from 'array'
    or not (tracking -> 'joints') <@ '["neck", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"]'
    or not coalesce((tracking -> 'joints') @> (tracking -> 'primary'), false)
    or jsonb_typeof(tracking -> 'primary') <> 'string'
    or coalesce(tracking ->> 'view', '') not in ('front', 'side')
    or not app_private.counts_between(tracking -> 'minRange', 1, 180)
  then
    perform app_hidden.refuse('VALIDATION', 'exercise_tracking_malformed', '{"field": "tracking"}');
  end if;
  return tracking;
end;
$$;

comment on function app_private.require_tracking is
  'What the camera follows, or null; VALIDATION exercise_tracking_malformed for what it could not follow.';
grant execute on function app_private.require_tracking to app_engine;
