-- What a condition of an automation may ask of its event: the properties of its payload, and the fields of what it is about,
-- such as its appointment. SEG-05. Ids of other things are left out: nobody compares them.

create or replace function app_private.rule_terms_of_event(event_name text, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  with payload as (
    select event_types.payload_schema -> 'properties' as properties
    from app_private.event_types
    where event_types.name = rule_terms_of_event.event_name
    order by event_types.version desc
    limit 1
  )
  select 'event.' || property.key, null, kind.type, coalesce(named.label_ro, property.key), coalesce(named.label_en, property.key),
    'Evenimentul', 'The event',
    (select jsonb_agg(jsonb_build_object('value', word.value, 'ro', word.value, 'en', word.value) order by word.ordinality)
     from jsonb_array_elements(property.value -> 'enum') with ordinality as word where word.value <> 'null'),
    named.choices_of, null::numeric, null::numeric, false, null, 0,
    replace(kind.value_sql, '{j}', '(select e.payload ->> {k0} from app_private.events as e where e.organization_id = $1 and e.id = $4)'),
    null, jsonb_build_array(property.key), case kind.type when 'date' then array['clinic'] else '{}'::text[] end
  from payload
  cross join lateral jsonb_each(payload.properties) as property
  left join app_private.rule_event_properties as named on named.property = property.key
  cross join lateral (
    select coalesce(property.value ->> 'format', '') as format, property.value -> 'type' as type
  ) as said
  cross join lateral (
    select 'choice' as type, '{j}' as value_sql where property.value ? 'enum' or (said.format = 'uuid' and named.choices_of is not null)
    union all
    select 'date', '(({j})::timestamptz at time zone {zone})::date' where said.format = 'date-time'
    union all
    select 'number', '({j})::numeric' where said.type @> '"integer"' or said.type @> '"number"'
    union all
    select 'boolean', '({j})::boolean' where said.type @> '"boolean"'
    union all
    select 'text', '{j}' where said.format = '' and not property.value ? 'enum' and said.type @> '"string"'
  ) as kind
  where rule_terms_of_event.code is null or 'event.' || property.key = rule_terms_of_event.code
  union all
  select fields.code, null, case fields.type when 'instant' then 'date' else fields.type end, fields.label_ro, fields.label_en,
    collections.label_ro, collections.label_en, fields.choices, fields.choices_of, null::numeric, null::numeric, false, fields.permission, 0,
    '(select ' || case fields.type when 'instant' then '((' || fields.value_sql || ') at time zone {zone})::date' else fields.value_sql end
      || ' from ' || collections.table_name || ' as r where r.organization_id = $1'
      || ' and r.id = (select (e.payload ->> {k0})::uuid from app_private.events as e where e.organization_id = $1 and e.id = $4)'
      || ' and (p.id is null or (' || collections.person_sql || ')))',
    null, jsonb_build_array(collections.event_property),
    case fields.type when 'instant' then array[collections.source, 'clinic'] else array[collections.source] end
  from payload
  join app_private.rule_collections as collections on payload.properties ? collections.event_property
  join app_private.rule_fields as fields on fields.collection = collections.code
  where rule_terms_of_event.code is null or fields.code = rule_terms_of_event.code
$$;

comment on function app_private.rule_terms_of_event is 'The fields of an event and of what it is about; nothing of an event that nobody knows.';
grant execute on function app_private.rule_terms_of_event to app_engine;
