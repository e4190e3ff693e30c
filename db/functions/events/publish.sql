-- Publishes an event in the transaction of the change: both happen or neither. FND-14.
-- The lock on the subject is held until commit, so positions within a subject are in the order of
-- commits and no consumer can be told the later of two events first.
-- What an automation does names its cause by the setting app.cause_event_id (AUT-03): the functions in between do not know of it.

set role app_engine;
create or replace function app_private.publish(
  name text,
  organization_id uuid,
  subject_id uuid,
  payload jsonb default '{}',
  cause_id uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_id uuid;
  v_cause_id uuid := coalesce(publish.cause_id, nullif(current_setting('app.cause_event_id', true), '')::uuid);
  v_depth int := 0;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish.name));
  end if;

  v_problem := app_private.payload_problem(v_type.payload_schema, publish.payload);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem));
  end if;

  if v_cause_id is not null then
    select events.depth + 1 into v_depth
    from app_private.events
    where events.scope_id = coalesce(publish.organization_id, '00000000-0000-0000-0000-000000000000') and events.id = v_cause_id;
    -- What an event of a clinic led to outside of the clinic begins a chain of its own.
    if not found and publish.cause_id is null then
      v_cause_id := null;
    end if;
  end if;

  perform pg_advisory_xact_lock(hashtextextended('event:' || publish.subject_id, 0));

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, depth, occurred_at)
  values
    (publish.organization_id, v_type.name, v_type.version, v_type.subject_type, publish.subject_id,
     publish.payload, app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''),
     v_cause_id, coalesce(v_depth, 0), app_hidden.now())
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.publish is
  'Writes an event of the catalog in the current transaction and queues its deliveries. An unknown name or '
  'a payload off its schema is refused, which takes the whole change back.';

reset role;
