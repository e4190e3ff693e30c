-- Test: catalog - every event is published by somebody, and what is published or subscribed to is in it. FND-14.
begin;
select plan(6);

-- Names written into a call of publish(), and the events of state machines, which are published by name from data.
create temporary view published as
  select distinct match[1] as name
  from pg_proc
  join pg_namespace on pg_namespace.oid = pronamespace
  cross join regexp_matches(coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc), $re$'([a-z_]+\.[a-z_]+)'$re$, 'g') as match
  where nspname in ('app_public', 'app_hidden', 'app_private', 'app_telemetry') and coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc) ~ 'app_private\.publish(_\w+)?\('
    and exists (select from app_private.event_types where split_part(event_types.name, '.', 1) = split_part(match[1], '.', 1))
  union
  select event from app_private.state_transitions where event is not null;

select is_empty(
  $$select name from app_private.event_types except select name from published$$,
  'no event of the catalog waits for somebody to publish it');
select is_empty(
  $$select name from published except select name from app_private.event_types$$,
  'nothing is published that the catalog does not know');
select is_empty(
  $$select event_name from app_private.event_subscriptions except select name from app_private.event_types$$,
  'nobody waits for an event that does not exist');

insert into app_private.event_types (name, version, description, subject_type, payload_schema)
values ('toy.broken', 1, 'Nobody publishes this.', 'toy', '{"type": "object", "additionalProperties": false, "required": [], "properties": {}}');
select set_eq(
  $$select name from app_private.event_types except select name from published$$,
  array['toy.broken'], 'a name that nobody publishes is found');

select is_empty(
  $$select name, field.key
    from app_private.event_types, jsonb_each(payload_schema -> 'properties') as field
    where field.value - '{type,format,enum}'::text[] <> '{}'
      or not field.value ? 'type'
      or field.value ->> 'format' not in ('uuid', 'date-time')$$,
  'schemas say only what payload_problem() reads');
-- A slug is chosen to be seen, and a meter is one of ours.
select is_empty(
  $$select name, field.key
    from app_private.event_types, jsonb_each(payload_schema -> 'properties') as field
    where field.value -> 'type' @> '"string"' and not field.value ?| '{format,enum}' and field.key <> all ('{slug,meter}')$$,
  'no field takes free text, where a name, an address or a diagnosis could end up for ever');
select * from finish();
rollback;
