-- Publishes one event about each of many subjects, as publish() does about one: the catalog is asked once, all are written and
-- their deliveries queued by one statement. FND-14.
-- It takes no locks on subjects, of which a server has not that many: the caller has changed the row of each in this transaction,
-- so that nobody else publishes about it before the commit.

create or replace function app_private.publish_many(name text, organization_id uuid, subject_ids uuid[], payloads jsonb[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_cause app_private.events;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish_many.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish_many.name));
  end if;
  select app_private.payload_problem(v_type.payload_schema, payload) into v_problem
  from unnest(payloads) as payload
  where app_private.payload_problem(v_type.payload_schema, payload) is not null
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem));
  end if;
  select events.* into v_cause
  from app_private.events
  where events.scope_id = publish_many.organization_id
    and events.id = nullif(current_setting('app.cause_event_id', true), '')::uuid;

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, depth, position, occurred_at)
  select publish_many.organization_id, v_type.name, v_type.version, v_type.subject_type, said.subject_id, said.payload,
    app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''), v_cause.id, coalesce(v_cause.depth + 1, 0),
    1 + coalesce(last.position, 0), app_hidden.now()
  from unnest(subject_ids, payloads) as said (subject_id, payload)
  -- All at once: a look for each would be a look through all of them, where the planner takes the table for small.
  left join (
    select events.subject_id, max(events.position) as position
    from app_private.events
    where events.subject_id = any (subject_ids)
    group by events.subject_id
  ) as last on last.subject_id = said.subject_id;
end;
$$;

comment on function app_private.publish_many is
  'Writes an event of the catalog about each of these different subjects, whose rows the caller has changed, and queues the deliveries. '
  'An unknown name or a payload off its schema is refused.';
grant execute on function app_private.publish_many to app_engine;
