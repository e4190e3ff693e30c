-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/events/keep_interests.sql
-- What a clinic wants a consumer to hear, said anew whenever its rules or subscriptions change. FND-14.
-- Whoever changes them locks them first, so that of two at once the later says what both leave.

create or replace function app_private.keep_interests(organization_id uuid, consumer text, event_names text[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_private.event_interests as interests
  where interests.organization_id = keep_interests.organization_id
    and interests.consumer = keep_interests.consumer
    and interests.event_name <> all (event_names);
  insert into app_private.event_interests (organization_id, consumer, event_name)
  select distinct keep_interests.organization_id, keep_interests.consumer, wanted
  from unnest(event_names) as wanted
  order by wanted
  on conflict do nothing;
end;
$$;

comment on function app_private.keep_interests is
  'From now on the consumer is told of these events of the clinic, and of no others. The caller has locked what they follow from.';
grant execute on function app_private.keep_interests to app_engine;
-- end of source: functions/events/keep_interests.sql

-- source: functions/events/tg_events__deliver.sql
-- Queues what was published for those who want to know. FND-14.
-- Once per statement, whatever its size: one insert, one add_jobs call. A job per consumer and subject
-- drains all that is pending, so a job_key keeps one of them; sorted, so that two statements lock in one order. A consumer
-- whom clinics ask for is told where this one did.

set role app_engine;
create or replace function app_private.tg_events__deliver() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  with queued as (
    insert into app_private.event_deliveries (event_id, scope_id, consumer, subject_id, position)
    select published.id, published.scope_id, event_subscriptions.consumer, published.subject_id, published.position
    from published
    join app_private.event_subscriptions on event_subscriptions.event_name = published.name
    join app_private.event_consumers on event_consumers.name = event_subscriptions.consumer
    where not event_consumers.on_demand
      or exists (
        select from app_private.event_interests as interests
        where interests.organization_id = published.organization_id
          and interests.event_name = published.name
          and interests.consumer = event_subscriptions.consumer)
    returning consumer, subject_id
  )
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (select distinct queued.consumer, queued.subject_id from queued) as drain;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__deliver is 'Queues the deliveries of the events a statement published.';
reset role;

create or replace trigger _900_deliver
  after insert on app_private.events
  referencing new table as published
  for each statement execute function app_private.tg_events__deliver();
-- end of source: functions/events/tg_events__deliver.sql

-- source: functions/forms/refuse_problems.sql
-- Everything that is wrong is said at once, each with its place, so that a page can show it where it stands. FRM-04, FND-29.

create or replace function app_private.refuse_problems(reason text, problems jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_array_length(problems) > 0
     and reason in ('answers_not_valid', 'content_not_valid', 'definition_not_valid', 'rule_not_valid', 'value_not_valid') then
    perform app_hidden.refuse('VALIDATION', reason, jsonb_build_object(
      'count', jsonb_array_length(problems),
      'fields', jsonb_path_query_array(problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.refuse_problems is
  'Passes where nothing is wrong; else VALIDATION with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.refuse_problems to app_engine;
-- end of source: functions/forms/refuse_problems.sql

-- source: functions/rules/rule_terms_of_event.sql
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
-- end of source: functions/rules/rule_terms_of_event.sql

-- source: functions/rules/rule_terms.sql
-- The fields that a clinic's rules may name: those of every clinic, the answers in its forms, its own fields, its purposes of
-- consent, and in a condition of an automation what the event says. SEG-02, SEG-05.
-- Of a form the latest completed or signed one counts, and of a template and of a field the newest published version that has
-- the key, so that a rule outlives a question that is asked no more.

create or replace function app_private.rule_terms(organization_id uuid, event_name text default null, code text default null)
returns setof app_private.rule_term
language plpgsql stable
set search_path = ''
as $$
declare
  v_family constant text := split_part(code, '.', 1);
begin
  if code is null or v_family not in ('form', 'custom', 'consent', 'event') then
    return query
      select fields.code, fields.collection, case fields.type when 'instant' then 'date' else fields.type end,
        fields.label_ro, fields.label_en, collections.label_ro, collections.label_en, fields.choices, fields.choices_of,
        null::numeric, null::numeric, false, fields.permission, fields.cost,
        case fields.type when 'instant' then '((' || fields.value_sql || ') at time zone {zone})::date' else fields.value_sql end,
        fields.turns_sql, '[]'::jsonb,
        case when fields.type = 'instant' or fields.value_sql ~ '\{(today|zone)\}' then array[fields.source, 'clinic'] else array[fields.source] end
      from app_private.rule_fields as fields
      left join app_private.rule_collections as collections on collections.code = fields.collection
      where rule_terms.code is null or fields.code = rule_terms.code
      order by fields.collection nulls first, fields.position;
  end if;
  if code is null or v_family = 'form' then
    return query select * from app_private.rule_terms_of_forms(rule_terms.organization_id, rule_terms.code);
  end if;
  if code is null or v_family in ('custom', 'consent') then
    return query select * from app_private.rule_terms_of_clinic(rule_terms.organization_id, rule_terms.code);
  end if;
  if event_name is not null then
    return query select * from app_private.rule_terms_of_event(rule_terms.event_name, rule_terms.code);
  end if;
end;
$$;

comment on function app_private.rule_terms is
  'The fields that rules of a clinic may name (of an event, where a condition of an automation is written), or the one of this code.';
grant execute on function app_private.rule_terms to app_engine;

-- What kind of field an item of a form is, and how its answer {j} is read; nothing for what says nothing of a patient.
create or replace function app_private.rule_term_of_item(item jsonb, out type text, out value_sql text)
language sql immutable
set search_path = ''
as $$
  select kinds.type, kinds.value_sql
  from (values
    ('{text,long_text,email,phone}'::text[], 'text', '{j} #>> ''{}'''),
    ('{integer,number,scale}', 'number', 'case jsonb_typeof({j}) when ''number'' then ({j})::numeric end'),
    ('{boolean}', 'boolean', 'case jsonb_typeof({j}) when ''boolean'' then ({j})::boolean end'),
    ('{date}', 'date', 'case when pg_input_is_valid({j} #>> ''{}'', ''date'') then ({j} #>> ''{}'')::date end'),
    ('{choice}', 'choice', '{j} #>> ''{}'''),
    ('{choices}', 'choices', 'case jsonb_typeof({j}) when ''array'' then array(select jsonb_array_elements_text({j})) end'),
    ('{file}', 'presence', 'nullif({j}, ''null'')')
  ) as kinds (items, type, value_sql)
  where rule_term_of_item.item ->> 'type' = any (kinds.items)
$$;

comment on function app_private.rule_term_of_item is 'The type of a field that an item of a form is in rules, and the SQL that reads an answer; null for groups and statements.';
grant execute on function app_private.rule_term_of_item to app_engine;

-- A text of a template in one language, else in the other.
create or replace function app_private.rule_label(label jsonb, locale text) returns text
language sql immutable
set search_path = ''
return coalesce(label ->> locale, label ->> 'ro', label ->> 'en');

comment on function app_private.rule_label is 'A text of a template in this language, or in the one that it has.';
grant execute on function app_private.rule_label to app_engine;

create or replace function app_private.rule_choices_of_item(item jsonb) returns jsonb
language sql immutable
set search_path = ''
return (
  select jsonb_agg(jsonb_build_object(
    'value', listed.value ->> 'value',
    'ro', coalesce(app_private.rule_label(listed.value -> 'label', 'ro'), listed.value ->> 'value'),
    'en', coalesce(app_private.rule_label(listed.value -> 'label', 'en'), listed.value ->> 'value')) order by listed.ordinality)
  from jsonb_array_elements(item -> 'options') with ordinality as listed
);

comment on function app_private.rule_choices_of_item is 'The options of an item with their labels; null where it has none.';
grant execute on function app_private.rule_choices_of_item to app_engine;
-- end of source: functions/rules/rule_terms.sql

-- source: functions/rules/rule_terms_of_clinic.sql
-- The clinic's own fields of patients, and where a patient stands with its purposes of consent. SEG-02.

create or replace function app_private.rule_terms_of_clinic(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'custom.' || fields.system_key, null, kind.type,
    app_private.rule_label(versions.definition -> 'label', 'ro'), app_private.rule_label(versions.definition -> 'label', 'en'),
    'Câmpurile clinicii', 'Fields of the clinic', app_private.rule_choices_of_item(versions.definition), null,
    case when kind.type = 'number' then (versions.definition ->> 'min')::numeric end,
    case when kind.type = 'number' then (versions.definition ->> 'max')::numeric end,
    versions.definition ->> 'type' in ('integer', 'scale'), 'patients.view', 1,
    '(select ' || replace(kind.value_sql, '{j}', 'c.value') || ' from app_public.custom_field_values as c where c.organization_id = $1'
      || ' and c.custom_field_id = {k0}::uuid and c.patient_profile_id = p.patient_profile_id)',
    null, jsonb_build_array(fields.id), array['custom:' || fields.id]
  from app_public.custom_fields as fields
  join app_public.custom_field_versions as versions
    on versions.organization_id = fields.organization_id and versions.custom_field_id = fields.id and versions.number = fields.version
  cross join lateral app_private.rule_term_of_item(versions.definition) as kind
  where fields.organization_id = rule_terms_of_clinic.organization_id
    and fields.entity_type = 'patient'
    and kind.type is not null
    and case when rule_terms_of_clinic.code is null then fields.published else 'custom.' || fields.system_key = rule_terms_of_clinic.code end
  union all
  -- As app_private.consent_states() says it, for one purpose and many patients.
  select 'consent.' || purposes.code, null, 'choice', purposes.name_ro, purposes.name, 'Consimțăminte', 'Consents',
    '[{"value": "granted", "ro": "dat", "en": "granted"},
      {"value": "older_version", "ro": "dat pentru o versiune veche", "en": "given to an older version"},
      {"value": "withdrawn", "ro": "retras", "en": "withdrawn"},
      {"value": "refused", "ro": "refuzat", "en": "refused"},
      {"value": "never_given", "ro": "necerut", "en": "never given"}]'::jsonb,
    null, null, null, false, 'patients.view', 1,
    'coalesce((select case when stands.yes then ''granted'' when c.decision = ''refused'' then ''refused'''
      || ' when c.withdrawn_at is not null then ''withdrawn'' else ''older_version'' end'
      || ' from app_public.consents as c'
      || ' join app_public.consent_purpose_versions as given on given.scope_id = c.version_scope_id and given.id = c.purpose_version_id'
      || ' cross join lateral (select coalesce(app_private.consent_stands(c, given,'
      || ' (select app_private.current_consent_version($1, {k0}))), false) as yes) as stands'
      || ' where c.organization_id = $1 and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0}'
      || ' and (c.holds_until is null or c.holds_until > {now})'
      || ' order by stands.yes desc, c.decision = ''granted'' and c.withdrawn_at is null desc, c.decided_at desc, c.id desc limit 1), ''never_given'')',
    'least((select min(c.holds_until) from app_public.consents as c where c.organization_id = $1'
      || ' and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0} and c.holds_until > {now}),'
      || ' (select min(v.in_force_from) from app_public.consent_purpose_versions as v'
      || ' where v.scope_id in ($1, ''00000000-0000-0000-0000-000000000000'') and v.purpose_code = {k0} and v.in_force_from > {now}))',
    jsonb_build_array(purposes.code), array['consents:' || purposes.code]
  from app_public.consent_purposes as purposes
  where purposes.scope_id in (rule_terms_of_clinic.organization_id, '00000000-0000-0000-0000-000000000000')
    and purposes.scope = 'organization'
    and (rule_terms_of_clinic.code is null or 'consent.' || purposes.code = rule_terms_of_clinic.code)
  order by 1
$$;

comment on function app_private.rule_terms_of_clinic is
  'The clinic''s fields of patients and its purposes of consent, as fields of rules. Without a code those in use.';
grant execute on function app_private.rule_terms_of_clinic to app_engine;
-- end of source: functions/rules/rule_terms_of_clinic.sql

-- source: functions/rules/rule_terms_of_forms.sql
-- The questions of a clinic's published templates. SEG-02. What repeats is left out: it has no one answer.

-- The items that are asked once, those of groups after their group.
create or replace function app_private.items_asked_once(content jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  with recursive items (item, depth, place) as (
    select listed.value, 1, array[listed.ordinality] from jsonb_array_elements(items_asked_once.content -> 'items') with ordinality as listed
    union all
    select inner_items.value, items.depth + 1, items.place || inner_items.ordinality
    from items
    cross join lateral jsonb_array_elements(items.item -> 'items') with ordinality as inner_items
    where items.item ->> 'type' = 'group' and not items.item ? 'repeat' and items.depth < 3
  )
  select items.item from items order by items.place
$$;

comment on function app_private.items_asked_once is 'The items of a template outside of groups that repeat, in their order.';
grant execute on function app_private.items_asked_once to app_engine;

create or replace function app_private.rule_terms_of_forms(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'form.' || newest.template_id || '.' || (newest.item ->> 'key'), null, kind.type,
    app_private.rule_label(newest.item -> 'label', 'ro'), app_private.rule_label(newest.item -> 'label', 'en'), newest.name, newest.name,
    app_private.rule_choices_of_item(newest.item), null,
    case when kind.type = 'number' then (newest.item ->> 'min')::numeric end,
    case when kind.type = 'number' then (newest.item ->> 'max')::numeric end,
    newest.item ->> 'type' in ('integer', 'scale'), 'forms.view', 2,
    '(select ' || replace(kind.value_sql, '{j}', '(f.answers -> {k1})') || ' from app_public.forms as f where f.organization_id = $1'
      || ' and f.template_id = {k0}::uuid and f.patient_id = p.id and f.status in (''completed'', ''signed'') and f.deleted_at is null'
      || ' order by f.completed_at desc, f.id desc limit 1)',
    null, jsonb_build_array(newest.template_id, newest.item ->> 'key'), array['form:' || newest.template_id]
  from (
    select distinct on (templates.name, versions.template_id, item.value ->> 'key')
      templates.name, versions.template_id, versions.number, item.place, item.value as item
    from app_public.form_template_versions as versions
    join app_public.form_templates as templates
      on templates.organization_id = versions.organization_id and templates.id = versions.template_id
    cross join lateral app_private.items_asked_once(versions.content) with ordinality as item (value, place)
    where versions.organization_id = rule_terms_of_forms.organization_id
      and case
        when rule_terms_of_forms.code is null then templates.published and versions.number = templates.version
        -- As text: a code that names no id is nobody's.
        else versions.template_id::text = split_part(rule_terms_of_forms.code, '.', 2)
          and item.value ->> 'key' = split_part(rule_terms_of_forms.code, '.', 3)
      end
    order by templates.name, versions.template_id, item.value ->> 'key', versions.number desc
  ) as newest
  cross join lateral app_private.rule_term_of_item(newest.item) as kind
  where kind.type is not null
    and (rule_terms_of_forms.code is null or rule_terms_of_forms.code = 'form.' || newest.template_id || '.' || (newest.item ->> 'key'))
  order by newest.name, newest.template_id, newest.place
$$;

comment on function app_private.rule_terms_of_forms is
  'The answers that rules may ask for: of a patient''s latest completed or signed form of the template. Without a code those of templates in use, in their newest version.';
grant execute on function app_private.rule_terms_of_forms to app_engine;
-- end of source: functions/rules/rule_terms_of_forms.sql

-- source: functions/rules/rule_turn.sql
-- When a day begins at the clinic that changes something by itself. SEG-03. Written out for the planner: a function that is
-- called for each patient costs more than all the rest.

create or replace function app_private.rule_turn(days text[]) returns text
language sql immutable strict
set search_path = ''
return '(least(' || (
  select string_agg('case when ' || day || ' > {today} then ' || day || ' end', ', ') from unnest(rule_turn.days) as day
) || ')::timestamp at time zone {zone})';

comment on function app_private.rule_turn is 'As SQL: the beginning of the first of these days that is still to come; null where none is.';
grant execute on function app_private.rule_turn to app_engine;

create or replace function app_private.rule_zone(organization_id uuid) returns text
language sql stable
set search_path = ''
return (select organizations.timezone from app_public.organizations where organizations.id = rule_zone.organization_id);

comment on function app_private.rule_zone is 'On whose clock the days of rules are: the clinic''s.';
grant execute on function app_private.rule_zone to app_engine;

create or replace function app_private.rule_today(organization_id uuid) returns date
language sql stable
set search_path = ''
return (app_hidden.now() at time zone app_private.rule_zone(rule_today.organization_id))::date;

comment on function app_private.rule_today is 'The day at the clinic.';
grant execute on function app_private.rule_today to app_engine;

-- A text as app_hidden.search_text() folds it. What holds nothing but letters of Romanian, digits and single spaces, which is
-- almost everything, is folded at a twentieth of the cost.
create or replace function app_private.rule_text(text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_text constant text := translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘŞȚŢăâîșşțţ', 'abcdefghijklmnopqrstuvwxyzaaissttaaisstt');
begin
  if v_text ~ '^[a-z0-9]+( [a-z0-9]+)*$' collate "C" then
    return v_text;
  end if;
  return app_hidden.search_text($1);
end;
$$;

comment on function app_private.rule_text is 'What app_hidden.search_text() says, sooner.';
grant execute on function app_private.rule_text to app_engine;
-- end of source: functions/rules/rule_turn.sql

-- source: functions/rules/rule_part.sql
-- A rule, or a part of one, as SQL. SEG-02, SEG-03. What is missing makes a comparison null, which the condition of a query does
-- not take; below "not" null is made false first, so that it is the plain complement. Of several parts the cheap ones stand
-- first: PostgreSQL asks them in this order within "or", and compile_rule() makes stages of those of the outermost "all".

create or replace function app_private.rule_part(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_result app_private.rule_part;
  v_part app_private.rule_part;
  v_parts app_private.rule_part[] := '{}';
  v_inner jsonb;
begin
  if node ? 'field' then
    return app_private.rule_part_of_field(
      rule_part.organization_id, node, rule_part.event_name, rule_part.collection, parameters);
  elsif node ? 'count' then
    return app_private.rule_part_of_count(rule_part.organization_id, node, rule_part.event_name, parameters);
  elsif node ? 'segment' then
    return row(
      'exists (select from app_public.segment_members as m where m.organization_id = $1 and m.segment_id = ($3 ->> '
        || jsonb_array_length(parameters) || ')::uuid and m.patient_id = p.id and m.left_at is null)',
      null, '{}'::text[], 1, parameters || jsonb_build_array(node -> 'segment'), array['segment:' || app_hidden.ascii_lower(node ->> 'segment')])::app_private.rule_part;
  elsif node ? 'not' then
    v_result := app_private.rule_part(rule_part.organization_id, node -> 'not', rule_part.event_name, rule_part.collection, parameters);
    v_result.condition_sql := '(' || v_result.condition_sql || ' is not true)';
    v_result.value_sql := null;
    return v_result;
  end if;

  for v_inner in select value from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) loop
    v_part := app_private.rule_part(rule_part.organization_id, v_inner, rule_part.event_name, rule_part.collection, parameters);
    parameters := v_part.parameters;
    v_parts := v_parts || v_part;
  end loop;
  select
    coalesce('(' || string_agg(part.condition_sql, case when node ? 'all' then ' and ' else ' or ' end order by part.cost, part.ordinality) || ')',
             case when node ? 'all' then 'true' else 'false' end),
    coalesce(max(part.cost), 0)
  into v_result.condition_sql, v_result.cost
  from unnest(v_parts) with ordinality as part;
  v_result.turns_sql := array(select turn from unnest(v_parts) as part cross join lateral unnest(part.turns_sql) as turn);
  v_result.depends := array(select distinct code from unnest(v_parts) as part cross join lateral unnest(part.depends) as code order by code);
  v_result.parameters := parameters;
  return v_result;
end;
$$;

comment on function app_private.rule_part is 'A part of a rule as SQL, with the parameters so far.';
grant execute on function app_private.rule_part to app_engine;

-- How many rows of a collection a patient has. "At least one" and "none" stop at the first.
create or replace function app_private.rule_part_of_count(organization_id uuid, node jsonb, event_name text, parameters jsonb)
returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_collection app_private.rule_collections;
  v_where app_private.rule_part;
  v_within app_private.rule_operand;
  v_operand app_private.rule_operand;
  v_operator app_private.rule_operators;
  v_rows text;
  v_counted text;
  v_result app_private.rule_part;
  v_value constant numeric := case jsonb_typeof(node -> 'value') when 'number' then (node -> 'value')::numeric end;
begin
  select collections.* into strict v_collection
  from app_private.rule_collections as collections where collections.code = node #>> '{count,of}';
  select operators.* into strict v_operator
  from app_private.rule_operators as operators where operators.type = 'number' and operators.code = node ->> 'operator';

  v_where := app_private.rule_part(
    rule_part_of_count.organization_id, coalesce(node #> '{count,where}', '{"all": []}'), rule_part_of_count.event_name, v_collection.code, parameters);
  v_within := app_private.rule_within(node #> '{count,within}', v_collection.time_sql, v_where.parameters);
  v_rows := ' from ' || v_collection.table_name || ' as r where r.organization_id = $1 and ' || v_collection.person_sql;
  v_counted := v_rows || ' and ' || v_within.a || ' and ' || v_where.condition_sql;
  v_operand := app_private.rule_operand('number', v_operator.operand, node -> 'value', v_within.parameters);

  v_result.value_sql := '(select count(*)' || v_counted || ')';
  v_result.condition_sql := case
    when node ->> 'operator' = 'at_least' and v_value = 1 or node ->> 'operator' = 'greater' and v_value = 0
      then '(exists (select' || v_counted || '))'
    when node ->> 'operator' in ('is', 'at_most') and v_value = 0 or node ->> 'operator' = 'less' and v_value = 1
      then '(not exists (select' || v_counted || '))'
    else '(' || replace(replace(replace(v_operator.condition_sql, '{v}', v_result.value_sql), '{a}', v_operand.a), '{b}', v_operand.b) || ')'
  end;
  v_result.turns_sql := case
    when v_within.b is not null or cardinality(v_where.turns_sql) > 0 then array[
      '(select min(least(' || array_to_string(array_remove(v_within.b || v_where.turns_sql, null), ', ') || '))' || v_rows || ')']
    else '{}'
  end;
  v_result.cost := 3;
  v_result.parameters := v_operand.parameters;
  v_result.depends := array(
    select distinct code from unnest(v_where.depends || v_collection.source || case when node #> '{count,within}' is not null then array['clinic'] else '{}' end) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.rule_part_of_count is 'A count of a collection as SQL.';
grant execute on function app_private.rule_part_of_count to app_engine;

-- The time in which rows are counted: in a the condition, in b when a row comes in or goes out by itself.
create or replace function app_private.rule_within(within jsonb, time_sql text, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_days constant text := '($3 ->> ' || v_place || ')::int';
  v_from constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',from}'')::date'
    when within ? 'days' then '{today} - ' || v_days
    else '{today}'
  end;
  -- The first day that is no longer in it.
  v_end constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',to}'')::date + 1'
    when within ? 'days' then '{today} + 1'
    else '{today} + ' || v_days || ' + 1'
  end;
  v_day constant text := '((' || time_sql || ') at time zone {zone})::date';
  v_turning constant text[] := case
    when within ? 'days' then array[v_day, v_day || ' + ' || v_days || ' + 1']
    when within ? 'next_days' then array[v_day || ' - ' || v_days, v_day || ' + 1']
  end;
begin
  if within is null then
    return row('true', null, parameters)::app_private.rule_operand;
  end if;
  return row(
    -- Instants are compared, so that an index over them serves.
    app_private.rule_sql(time_sql || ' >= ((' || v_from || ')::timestamp at time zone {zone}) and '
      || time_sql || ' < ((' || v_end || ')::timestamp at time zone {zone})'),
    app_private.rule_sql(app_private.rule_turn(v_turning)),
    parameters || jsonb_build_array(case when within ? 'from' then within else coalesce(within -> 'days', within -> 'next_days') end)
  )::app_private.rule_operand;
end;
$$;

comment on function app_private.rule_within is 'A window of time as SQL.';
grant execute on function app_private.rule_within to app_engine;
-- end of source: functions/rules/rule_part.sql

-- source: functions/rules/rule_part_of_field.sql
-- A comparison as SQL. SEG-02. The text is made of the catalog's words alone: what the author wrote, and what their clinic calls
-- its fields, stands in the parameters, and the text says at which place.

create or replace function app_private.rule_part_of_field(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operator app_private.rule_operators;
  v_part app_private.rule_part;
  v_key record;
  v_value text;
  v_operand app_private.rule_operand;
  v_days text;
begin
  select terms.* into v_term
  from app_private.rule_terms(rule_part_of_field.organization_id, rule_part_of_field.event_name, node ->> 'field') as terms
  where terms.collection is not distinct from rule_part_of_field.collection;
  select operators.* into v_operator
  from app_private.rule_operators as operators
  where operators.type = v_term.type and operators.code = node ->> 'operator';
  if v_term.code is null or v_operator.code is null then
    raise exception 'a rule that was not checked: %', node;
  end if;

  v_value := v_term.value_sql;
  for v_key in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(v_term.keys) with ordinality as listed loop
    v_value := replace(v_value, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    v_term.turns_sql := replace(v_term.turns_sql, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    parameters := parameters || jsonb_build_array(v_key.value);
  end loop;

  v_operand := app_private.rule_operand(v_term.type, v_operator.operand, node -> 'value', parameters);
  v_days := replace(replace(v_operator.turning_days, '{v}', '(' || v_value || ')'), '{a}', v_operand.a);
  v_part.value_sql := app_private.rule_sql(v_value);
  v_part.condition_sql := '(' || app_private.rule_sql(
    replace(replace(replace(v_operator.condition_sql, '{v}', '(' || v_value || ')'), '{a}', v_operand.a), '{b}', v_operand.b)) || ')';
  v_part.turns_sql := array_remove(array[
    app_private.rule_sql(v_term.turns_sql),
    app_private.rule_sql(app_private.rule_turn(string_to_array(v_days, '; ')))], null);
  v_part.cost := v_term.cost;
  v_part.parameters := v_operand.parameters;
  v_part.depends := v_term.depends || case when v_days is not null then array['clinic'] else '{}' end;
  return v_part;
end;
$$;

comment on function app_private.rule_part_of_field is 'A comparison of a field as SQL.';
grant execute on function app_private.rule_part_of_field to app_engine;

-- The words that the catalog leaves open. What is asked once of the clinic stands in a query of its own, so that it runs once.
create or replace function app_private.rule_sql(text) returns text
language sql immutable strict
set search_path = ''
return replace(replace(replace($1,
  '{today}', '(select app_private.rule_today($1))'), '{zone}', '(select app_private.rule_zone($1))'), '{now}', 'app_hidden.now()');

comment on function app_private.rule_sql is 'SQL of the catalog with the clinic''s day and zone, and the present.';
grant execute on function app_private.rule_sql to app_engine;

-- What stands on the other side of a comparison, and the parameters with it. Texts are folded here, once.
create or replace function app_private.rule_operand(type text, operand text, value jsonb, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_cast constant text := case when operand = 'days' then '::int' else case type when 'number' then '::numeric' when 'date' then '::date' when 'boolean' then '::boolean' else '' end end;
  v_result app_private.rule_operand;
begin
  v_result.a := '';
  v_result.b := '';
  if operand = 'none' then
    v_result.parameters := parameters;
    return v_result;
  end if;
  if type = 'text' then
    value := case operand
      when 'list' then (select jsonb_agg(app_hidden.search_text(listed.value)) from jsonb_array_elements_text(value) as listed)
      else to_jsonb(app_hidden.search_text(value #>> '{}'))
    end;
  end if;
  case operand
    when 'range' then
      v_result.a := '($3 #>> ''{' || v_place || ',0}'')' || v_cast;
      v_result.b := '($3 #>> ''{' || v_place || ',1}'')' || v_cast;
    when 'list' then
      v_result.a := 'array(select jsonb_array_elements_text($3 -> ' || v_place || '))';
    else
      v_result.a := '($3 ->> ' || v_place || ')' || v_cast;
  end case;
  v_result.parameters := parameters || jsonb_build_array(value);
  return v_result;
end;
$$;

comment on function app_private.rule_operand is 'What a field is compared with, as SQL over the parameters.';
grant execute on function app_private.rule_operand to app_engine;
-- end of source: functions/rules/rule_part_of_field.sql

-- source: functions/rules/explain_rule.sql
-- Why a rule holds for a patient, or does not: the tree with the verdict of each part, and what each field says. SEG-02.

create or replace function app_private.explain_rule(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_event_name constant text := (
    select events.name from app_private.events
    where events.organization_id = explain_rule.organization_id and events.id = explain_rule.event_id);
  v_part app_private.rule_part;
  v_inner jsonb;
  v_holds boolean;
  v_value jsonb;
begin
  if rule ? 'not' then
    v_inner := app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, rule -> 'not', explain_rule.event_id);
    return jsonb_build_object('not', v_inner, 'holds', not (v_inner ->> 'holds')::boolean);
  elsif rule ? 'all' or rule ? 'any' then
    v_inner := (
      select coalesce(jsonb_agg(app_private.explain_rule(
        explain_rule.organization_id, explain_rule.patient_id, listed.value, explain_rule.event_id) order by listed.ordinality), '[]')
      from jsonb_array_elements(coalesce(rule -> 'all', rule -> 'any')) with ordinality as listed);
    return case
      when rule ? 'all' then jsonb_build_object('all', v_inner, 'holds', not v_inner @> '[{"holds": false}]')
      else jsonb_build_object('any', v_inner, 'holds', v_inner @> '[{"holds": true}]')
    end;
  end if;
  v_part := app_private.rule_part(explain_rule.organization_id, rule, v_event_name, null, '[]');
  -- One row in any case: an event need not be about a patient.
  execute 'select ' || v_part.condition_sql || ' is true, ' || coalesce('to_jsonb(' || v_part.value_sql || ')', 'null::jsonb')
    || ' from (select) as one left join (select patients.id, patients.patient_profile_id, patients.created_at,'
    || ' patients.profile_completed_at, profiles.human_id, profiles.given_name, profiles.family_name, profiles.email, profiles.phone,'
    || ' profiles.birth_date, profiles.locale from app_public.patients'
    || ' join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id'
    || ' where patients.organization_id = $1 and patients.deleted_at is null and patients.id = any ($2)) as p on true'
  into v_holds, v_value
  using explain_rule.organization_id, array[explain_rule.patient_id], v_part.parameters, explain_rule.event_id;
  return rule || jsonb_build_object('holds', v_holds) || case when v_part.value_sql is not null then jsonb_build_object('actual', v_value) else '{}' end;
end;
$$;

comment on function app_private.explain_rule is
  'The rule with holds in each part, and in comparisons and counts what the field is or how many there are as actual, null where nobody knows.';
grant execute on function app_private.explain_rule to app_engine;
-- end of source: functions/rules/explain_rule.sql

-- source: functions/rules/compile_rule.sql
-- A rule as one query with parameters. SEG-02, SEG-03. The parts of its outermost "all" stand in stages: what the row of the
-- patient says first, then what one look-up says, then forms, then counts. "offset 0" keeps the planner from mixing them, so
-- that dear sources are asked only for those whom the cheap ones left.

create or replace function app_private.compile_rule(organization_id uuid, rule jsonb, event_name text default null)
returns app_private.compiled_rule
language plpgsql stable
set search_path = ''
as $$
declare
  v_base constant text :=
    '(select patients.id, patients.patient_profile_id, patients.created_at, patients.profile_completed_at, profiles.human_id,'
    || ' profiles.given_name, profiles.family_name, profiles.email, profiles.phone, profiles.birth_date, profiles.locale'
    || ' from app_public.patients join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id'
    || ' where patients.organization_id = $1 and patients.deleted_at is null and ($2::uuid[] is null or patients.id = any ($2))) as p';
  v_parts jsonb := case when rule ? 'all' then rule -> 'all' else jsonb_build_array(rule) end;
  v_part app_private.rule_part;
  v_node jsonb;
  v_stages text[] := array_fill(null::text, array[4]);
  v_turns text[] := '{}';
  v_from text := v_base;
  v_result app_private.compiled_rule;
begin
  v_result.parameters := '[]';
  v_result.depends := '{patient}';
  v_result.cost := 0;
  for v_node in select value from jsonb_array_elements(v_parts) loop
    v_part := app_private.rule_part(compile_rule.organization_id, v_node, compile_rule.event_name, null, v_result.parameters);
    v_stages[v_part.cost + 1] := coalesce(v_stages[v_part.cost + 1] || ' and ', '') || v_part.condition_sql;
    v_result.parameters := v_part.parameters;
    v_result.depends := v_result.depends || v_part.depends;
    v_result.cost := greatest(v_result.cost, v_part.cost);
    v_turns := v_turns || v_part.turns_sql;
  end loop;

  for stage in 1..4 loop
    if v_stages[stage] is not null then
      v_from := '(select p.* from ' || v_from || ' where ' || v_stages[stage] || ' offset 0) as p';
    end if;
  end loop;
  v_result.query := 'select p.id from ' || v_from;
  v_turns := array(select distinct turn from unnest(v_turns) as turn order by turn);
  v_result.recheck := case
    when cardinality(v_turns) = 0 then 'select null::uuid, null::timestamptz where $1 is null and $2::uuid[] is null and $3::jsonb is null'
    else 'select turning.id, turning.at from (select p.id, least(' || array_to_string(v_turns, ', ') || ') as at from ' || v_base
      || ') as turning where turning.at is not null'
  end;
  v_result.depends := array(select distinct code from unnest(v_result.depends) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.compile_rule is
  'A rule that was checked as a query: those for whom it holds, of $2 or of all; the query of when time alone can next change it; what it reads.';
grant execute on function app_private.compile_rule to app_engine;

create or replace function app_private.rule_members(organization_id uuid, rule jsonb) returns setof uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_rule constant app_private.compiled_rule := app_private.compile_rule(rule_members.organization_id, rule_members.rule);
begin
  return query execute v_rule.query using rule_members.organization_id, null::uuid[], v_rule.parameters, null::uuid;
end;
$$;

comment on function app_private.rule_members is 'The patients of the clinic for whom a rule holds now.';
grant execute on function app_private.rule_members to app_engine;

create or replace function app_private.rule_holds(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns boolean
language sql stable
set search_path = ''
return (app_private.explain_rule(rule_holds.organization_id, rule_holds.patient_id, rule_holds.rule, rule_holds.event_id) ->> 'holds')::boolean;

comment on function app_private.rule_holds is 'Whether a rule holds for a patient now, or for nobody in particular: of an event about no patient.';
grant execute on function app_private.rule_holds to app_engine;
-- end of source: functions/rules/compile_rule.sql

-- source: functions/rules/rule_choices.sql
-- Whose rows a field may be, with the names that the clinic gives them. What is no longer offered stays a choice: patients
-- have it. SEG-05.

create or replace function app_private.rule_choices(organization_id uuid, choices_of text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('value', listed.id, 'ro', listed.ro, 'en', listed.en) order by listed.ro, listed.id), '[]')
  from (
    select services.id, services.name as ro, coalesce(services.translations #>> '{en,name}', services.name) as en
    from app_public.services
    where choices_of = 'services' and services.organization_id = rule_choices.organization_id and services.deleted_at is null
    union all
    select specialists.id, named.name, named.name
    from app_public.specialists
    cross join lateral (select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name) as name) as named
    where choices_of = 'specialists' and specialists.organization_id = rule_choices.organization_id and specialists.deleted_at is null
    union all
    select calendars.id, calendars.name, calendars.name
    from app_public.calendars
    where choices_of = 'calendars' and calendars.organization_id = rule_choices.organization_id and calendars.deleted_at is null
    union all
    select form_templates.id, form_templates.name, form_templates.name
    from app_public.form_templates
    where choices_of = 'form_templates' and form_templates.organization_id = rule_choices.organization_id and form_templates.version > 0
    union all
    select patient_tiers.id, patient_tiers.name, coalesce(patient_tiers.translations #>> '{en,name}', patient_tiers.name)
    from app_public.patient_tiers
    where choices_of = 'patient_tiers' and patient_tiers.organization_id = rule_choices.organization_id
    union all
    select service_plans.id, service_plans.name, coalesce(service_plans.translations #>> '{en,name}', service_plans.name)
    from app_public.service_plans
    where choices_of = 'service_plans' and service_plans.organization_id = rule_choices.organization_id
  ) as listed
$$;

comment on function app_private.rule_choices is 'The rows of the clinic that a field may be: [{value, ro, en}].';
grant execute on function app_private.rule_choices to app_engine;
-- end of source: functions/rules/rule_choices.sql

-- source: functions/rules/rule_value_problem.sql
-- What is wrong with what a field is compared with, by the type of the field. SEG-02. FRM-04 says alike of answers.

create or replace function app_private.rule_value_problem(
  organization_id uuid, term app_private.rule_term, value jsonb, out reason text, out details jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind constant text := jsonb_typeof(value);
  v_text constant text := value #>> '{}';
begin
  case (term).type
    when 'number' then
      if v_kind <> 'number' then
        reason := 'not_a_number';
      elsif v_text::numeric > coalesce((term).maximum, 1000000000000000) then
        reason := 'too_large';
        details := jsonb_build_object('bound', coalesce((term).maximum, 1000000000000000));
      elsif v_text::numeric < coalesce((term).minimum, -1000000000000000) then
        reason := 'too_small';
        details := jsonb_build_object('bound', coalesce((term).minimum, -1000000000000000));
      elsif (term).is_whole and v_text::numeric % 1 <> 0 then
        reason := 'not_an_integer';
      end if;
    when 'boolean' then
      if v_kind <> 'boolean' then
        reason := 'not_a_boolean';
      end if;
    when 'date' then
      if v_kind <> 'string' or v_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(v_text, 'date') then
        reason := 'not_a_date';
      end if;
    when 'text' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif length(v_text) > 500 then
        reason := 'too_long';
        details := '{"bound": 500}';
      elsif app_hidden.search_text(v_text) = '' then
        reason := 'nothing_to_compare';
      end if;
    else
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif not coalesce((term).choices, app_private.rule_choices(rule_value_problem.organization_id, (term).choices_of))
                @> jsonb_build_array(jsonb_build_object('value', value)) then
        reason := 'not_offered';
      end if;
  end case;
end;
$$;

comment on function app_private.rule_value_problem is 'What keeps a field from being compared with this value; null where nothing does.';
grant execute on function app_private.rule_value_problem to app_engine;

-- What stands in value, by what the operator takes.
create or replace function app_private.rule_operand_problems(
  organization_id uuid, term app_private.rule_term, operand text, node jsonb, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_value constant jsonb := node -> 'value';
  v_at constant text := rule_operand_problems.place || '.value';
  v_least constant int := case operand when 'range' then 2 else 1 end;
  v_most constant int := case operand when 'range' then 2 else 200 end;
begin
  if operand = 'none' then
    if node ? 'value' then
      return query select v_at, 'value_unexpected', '{}'::jsonb;
    end if;
    return;
  elsif not node ? 'value' then
    return query select v_at, 'value_missing', '{}'::jsonb;
    return;
  end if;
  if operand = 'one' then
    return query select v_at, found.reason, coalesce(found.details, '{}')
      from app_private.rule_value_problem(rule_operand_problems.organization_id, term, v_value) as found
      where found.reason is not null;
  elsif operand = 'days' then
    return query select v_at, found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(v_value) as found (reason) where found.reason is not null;
  elsif jsonb_typeof(v_value) <> 'array' then
    return query select v_at, 'not_a_list', '{}'::jsonb;
  elsif jsonb_array_length(v_value) > v_most then
    return query select v_at, 'too_many', jsonb_build_object('bound', v_most);
  elsif jsonb_array_length(v_value) < v_least then
    return query select v_at, 'too_few', jsonb_build_object('bound', v_least);
  else
    return query
      select v_at || '[' || listed.ordinality - 1 || ']', found.reason, coalesce(found.details, '{}')
      from jsonb_array_elements(v_value) with ordinality as listed
      cross join lateral app_private.rule_value_problem(rule_operand_problems.organization_id, term, listed.value) as found
      where found.reason is not null;
    if not found and operand = 'range' and (
      case (term).type
        when 'number' then (v_value ->> 0)::numeric > (v_value ->> 1)::numeric
        else v_value ->> 0 > (v_value ->> 1) collate "C"
      end) then
      return query select v_at, 'not_in_order', '{}'::jsonb;
    end if;
  end if;
end;
$$;

comment on function app_private.rule_operand_problems is 'What is wrong with the value of a comparison, each with its path.';
grant execute on function app_private.rule_operand_problems to app_engine;

create or replace function app_private.rule_days_problem(value jsonb) returns text
language sql immutable
set search_path = ''
return case
  when jsonb_typeof(value) is distinct from 'number' then 'not_a_number'
  when value::numeric % 1 <> 0 then 'not_an_integer'
  when value::numeric < 0 then 'too_small'
  when value::numeric > 3650 then 'too_large'
end;

comment on function app_private.rule_days_problem is 'What is wrong with a number of days; null where nothing is.';
grant execute on function app_private.rule_days_problem to app_engine;
-- end of source: functions/rules/rule_value_problem.sql

-- source: functions/rules/rule_field_problems.sql
-- What is wrong with one comparison, one count, one segment of a rule. SEG-02.

create or replace function app_private.rule_field_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operand text;
begin
  if jsonb_typeof(node -> 'field') = 'string' then
    select terms.* into v_term
    from app_private.rule_terms(rule_field_problems.organization_id, rule_field_problems.event_name, node ->> 'field') as terms
    where terms.collection is not distinct from rule_field_problems.collection;
  end if;
  if v_term.code is null then
    return query select rule_field_problems.place || '.field', 'field_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_field_problems.organization_id, coalesce(v_term.permission, 'patients.view')) then
    return query select rule_field_problems.place || '.field', 'permission_missing',
      jsonb_build_object('permission', coalesce(v_term.permission, 'patients.view'));
    return;
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = v_term.type and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_field_problems.place || '.operator', 'operator_unknown', jsonb_build_object('type', v_term.type);
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_field_problems.organization_id, v_term, v_operand, node, rule_field_problems.place);
end;
$$;

comment on function app_private.rule_field_problems is 'What is wrong with a comparison of a field.';
grant execute on function app_private.rule_field_problems to app_engine;

create or replace function app_private.rule_count_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_count constant jsonb := node -> 'count';
  v_at constant text := rule_count_problems.place || '.count';
  v_collection app_private.rule_collections;
  v_operand text;
begin
  if jsonb_typeof(v_count) <> 'object' then
    return query select v_at, 'not_a_count', '{}'::jsonb;
    return;
  end if;
  return query
    select v_at || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(v_count) as word where word not in ('of', 'where', 'within');
  select collections.* into v_collection
  from app_private.rule_collections as collections where to_jsonb(collections.code) = v_count -> 'of';
  if not found then
    return query select v_at || '.of', 'collection_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_count_problems.organization_id, v_collection.permission) then
    return query select v_at || '.of', 'permission_missing', jsonb_build_object('permission', v_collection.permission);
    return;
  end if;
  if v_count ? 'where' then
    return query select * from app_private.rule_node_problems(
      rule_count_problems.organization_id, v_count -> 'where', rule_count_problems.event_name, for_caller, v_collection.code,
      v_at || '.where', depth + 1);
  end if;
  if v_count ? 'within' then
    return query select * from app_private.rule_window_problems(v_count -> 'within', v_at || '.within');
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = 'number' and operators.operand in ('one', 'range') and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_count_problems.place || '.operator', 'operator_unknown', '{"type": "number"}'::jsonb;
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_count_problems.organization_id, app_private.rule_number_of_rows(), v_operand, node, rule_count_problems.place);
end;
$$;

comment on function app_private.rule_count_problems is 'What is wrong with a count of a collection.';
grant execute on function app_private.rule_count_problems to app_engine;

create or replace function app_private.rule_number_of_rows() returns app_private.rule_term
language sql immutable
set search_path = ''
return jsonb_populate_record(null::app_private.rule_term, '{"type": "number", "minimum": 0, "maximum": 100000, "is_whole": true}');

comment on function app_private.rule_number_of_rows is 'What a count is compared with.';
grant execute on function app_private.rule_number_of_rows to app_engine;

-- Days back from today, days ahead, or from one date to another.
create or replace function app_private.rule_window_problems(within jsonb, place text)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_words constant text[] := case jsonb_typeof(within) when 'object' then array(select jsonb_object_keys(within) order by 1) end;
  v_word text;
  v_day constant app_private.rule_term := jsonb_populate_record(null::app_private.rule_term, '{"type": "date"}');
begin
  if v_words is null or not v_words in ('{days}', '{next_days}', '{from,to}') then
    return query select rule_window_problems.place, 'not_a_window', '{}'::jsonb;
    return;
  end if;
  if v_words = '{from,to}' then
    foreach v_word in array v_words loop
      return query select rule_window_problems.place || '.' || v_word, found.reason, '{}'::jsonb
        from app_private.rule_value_problem(null, v_day, within -> v_word) as found where found.reason is not null;
      if found then
        return;
      end if;
    end loop;
    if within ->> 'from' > within ->> 'to' collate "C" then
      return query select rule_window_problems.place, 'not_in_order', '{}'::jsonb;
    end if;
  else
    return query select rule_window_problems.place || '.' || v_words[1], found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(within -> v_words[1]) as found (reason) where found.reason is not null;
  end if;
end;
$$;

comment on function app_private.rule_window_problems is 'What is wrong with the time in which rows are counted.';
grant execute on function app_private.rule_window_problems to app_engine;

create or replace function app_private.rule_segment_problem(organization_id uuid, segment jsonb, for_caller boolean, out reason text, out details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  details := '{}';
  if for_caller and not app_hidden.has_permission(rule_segment_problem.organization_id, 'segments.view') then
    reason := 'permission_missing';
    details := '{"permission": "segments.view"}';
  elsif not exists (
    select from app_public.segments
    where segments.organization_id = rule_segment_problem.organization_id
      and to_jsonb(segments.id) = rule_segment_problem.segment
      and segments.deleted_at is null) then
    reason := 'segment_unknown';
  end if;
end;
$$;

comment on function app_private.rule_segment_problem is 'Why a segment cannot be named; null where it can.';
grant execute on function app_private.rule_segment_problem to app_engine;
-- end of source: functions/rules/rule_field_problems.sql

-- source: functions/rules/rule_problems.sql
-- Everything that is wrong with a rule, each with the path of its place, so that a page shows it where it stands. SEG-02, SEG-05.
-- With for_caller also the fields that whoever writes the rule may not read: a rule would tell what it asks for.

create or replace function app_private.rule_problems(
  organization_id uuid, rule jsonb, event_name text default null, for_caller boolean default false
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  if octet_length(rule_problems.rule::text) > 50000 then
    return query select '$', 'too_long', '{"bound": 50000}'::jsonb;
  elsif (select count(*) > 300 from jsonb_path_query(rule_problems.rule, 'strict $.** ? (@.type() == "object")')) then
    return query select '$', 'too_many', '{"bound": 300}'::jsonb;
  else
    return query select * from app_private.rule_node_problems(
      rule_problems.organization_id, rule_problems.rule, rule_problems.event_name, rule_problems.for_caller, null, '$', 1);
  end if;
end;
$$;

comment on function app_private.rule_problems is 'What is wrong with a rule of the clinic (of an event, where an automation asks), each with its path; no row where nothing is.';
grant execute on function app_private.rule_problems to app_engine;

create or replace function app_private.rule_node_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind text;
  v_part record;
  v_at text;
begin
  if depth > 10 then
    return query select rule_node_problems.place, 'too_deep', '{"bound": 10}'::jsonb;
    return;
  end if;
  if jsonb_typeof(node) is distinct from 'object' then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  select word into v_kind
  from unnest(array['all', 'any', 'not', 'field', 'count', 'segment']) as word where node ? word limit 1;
  if v_kind is null then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  return query
    select rule_node_problems.place || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(node) as word
    where word <> v_kind and not (v_kind in ('field', 'count') and word in ('operator', 'value'));
  v_at := rule_node_problems.place || '.' || v_kind;

  case v_kind
    when 'all', 'any' then
      if jsonb_typeof(node -> v_kind) <> 'array' then
        return query select v_at, 'not_a_list', '{}'::jsonb;
        return;
      end if;
      for v_part in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(node -> v_kind) with ordinality as listed loop
        return query select * from app_private.rule_node_problems(
          rule_node_problems.organization_id, v_part.value, rule_node_problems.event_name, for_caller, rule_node_problems.collection,
          v_at || '[' || v_part.place || ']', depth + 1);
      end loop;
    when 'not' then
      return query select * from app_private.rule_node_problems(
        rule_node_problems.organization_id, node -> 'not', rule_node_problems.event_name, for_caller, rule_node_problems.collection, v_at, depth + 1);
    when 'field' then
      return query select * from app_private.rule_field_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.collection, rule_node_problems.place);
    when 'count' then
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select * from app_private.rule_count_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.place, depth);
    else
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select v_at, found.reason, found.details
        from app_private.rule_segment_problem(rule_node_problems.organization_id, node -> 'segment', for_caller) as found
        where found.reason is not null;
  end case;
end;
$$;

comment on function app_private.rule_node_problems is 'What is wrong with a part of a rule, and with its parts.';
grant execute on function app_private.rule_node_problems to app_engine;

-- Refuses for a verb: the author may write no rule that asks for what they may not read.
create or replace function app_private.require_rule(organization_id uuid, rule jsonb, event_name text default null) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.refuse_problems('rule_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.rule_problems(require_rule.organization_id, require_rule.rule, require_rule.event_name, true) as problem));
end;
$$;

comment on function app_private.require_rule is 'Passes where a rule is right and its author may read what it asks for; else VALIDATION rule_not_valid with each place.';
grant execute on function app_private.require_rule to app_engine;
-- end of source: functions/rules/rule_problems.sql

-- source: functions/rules/preview_rule.sql
-- For whom a rule holds, before it is saved, and why it holds for one. SEG-04.

set role app_engine;

create or replace function app_public.preview_rule(organization_id uuid, rule jsonb, sample int default 10) returns app_public.rule_preview
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_members uuid[];
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(preview_rule.organization_id, preview_rule.rule);
  v_members := array(select app_private.rule_members(preview_rule.organization_id, preview_rule.rule));
  return row(cardinality(v_members), array(
    select row(patients.id, profiles.given_name, profiles.family_name)::app_public.rule_sample
    from app_public.patients
    join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id
    where patients.organization_id = preview_rule.organization_id and patients.id = any (v_members)
    order by profiles.family_name collate "ro-x-icu", profiles.given_name collate "ro-x-icu", patients.id
    limit least(greatest(sample, 0), 50)))::app_public.rule_preview;
end;
$$;

comment on function app_public.preview_rule is
  E'@cost 50\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  '@arg sample How many patients to name, at most 50.\n'
  'How many patients a rule holds for now, and some of them. Needs patients.view, and what the fields of the rule need. '
  'VALIDATION rule_not_valid with fields: [{path, reason, details}].';
grant execute on function app_public.preview_rule to app_member;

create or replace function app_public.explain_rule(organization_id uuid, patient_id uuid, rule jsonb) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(explain_rule.organization_id, explain_rule.rule);
  if not exists (
    select from app_public.patients
    where patients.organization_id = explain_rule.organization_id and patients.id = explain_rule.patient_id and patients.deleted_at is null) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, explain_rule.rule);
end;
$$;

comment on function app_public.explain_rule is
  E'@cost 20\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  'The rule with holds in each of its parts, and in comparisons and counts what is there as actual, null where nothing is. '
  'Needs patients.view, and what the fields of the rule need. VALIDATION rule_not_valid; NOT_FOUND.';
grant execute on function app_public.explain_rule to app_member;

reset role;
-- end of source: functions/rules/preview_rule.sql

-- source: functions/rules/rule_builder.sql
-- Everything of which a rule of this clinic may be composed, so that a page builds one out of nothing else. SEG-05. What the caller
-- may not read is not offered, and rule_problems() refuses it.

set role app_engine;

create or replace function app_public.rule_builder(organization_id uuid, event_name text default null) returns app_public.rule_contract
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_locale constant text := (select humans.locale from app_public.humans where humans.principal_id = app_hidden.current_principal_id());
  v_contract app_public.rule_contract;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  if event_name is not null and not exists (select from app_private.event_types where event_types.name = rule_builder.event_name) then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', rule_builder.event_name));
  end if;
  v_contract.fields := array(
    select row(terms.code, terms.collection, terms.type,
        case v_locale when 'en' then terms.label_en else terms.label_ro end, terms.label_ro, terms.label_en,
        case v_locale when 'en' then terms.group_en else terms.group_ro end, terms.group_ro, terms.group_en,
        terms.minimum, terms.maximum, coalesce(terms.is_whole, false),
        array(
          select row(choice ->> 'value', coalesce(choice ->> v_locale, choice ->> 'ro'), choice ->> 'ro', choice ->> 'en')::app_public.rule_choice
          from jsonb_array_elements(coalesce(
            terms.choices, app_private.rule_choices(rule_builder.organization_id, terms.choices_of))) as choice))::app_public.rule_field
    from app_private.rule_terms(rule_builder.organization_id, rule_builder.event_name) with ordinality as terms
    where app_hidden.has_permission(rule_builder.organization_id, coalesce(terms.permission, 'patients.view'))
    order by terms.ordinality);
  v_contract.operators := array(
    select row(operators.type, operators.code, case v_locale when 'en' then operators.label_en else operators.label_ro end,
        operators.label_ro, operators.label_en, operators.operand)::app_public.rule_operator
    from app_private.rule_operators as operators
    order by operators.type, operators.position);
  v_contract.collections := array(
    select row(collections.code, case v_locale when 'en' then collections.label_en else collections.label_ro end,
        collections.label_ro, collections.label_en)::app_public.rule_collection
    from app_private.rule_collections as collections
    where app_hidden.has_permission(rule_builder.organization_id, collections.permission)
    order by collections.code);
  v_contract.segments := array(
    select row(segments.id, segments.name)::app_public.rule_segment
    from app_public.segments
    where segments.organization_id = rule_builder.organization_id
      and segments.deleted_at is null
      and app_hidden.has_permission(rule_builder.organization_id, 'segments.view')
    order by segments.name, segments.id);
  v_contract.depth_limit := 10;
  v_contract.part_limit := 300;
  return v_contract;
end;
$$;

comment on function app_public.rule_builder is
  E'@cost 20\n'
  '@arg eventName The event, where a condition of an automation is written; null for a segment.\n'
  'The fields, operators, choices, collections and segments of which a rule of this clinic is composed, with their labels: '
  'what the caller may read. Needs patients.view. VALIDATION event_name_unknown.';
grant execute on function app_public.rule_builder to app_member;

reset role;
-- end of source: functions/rules/rule_builder.sql

-- source: functions/segments/save_segment.sql
-- Writing a segment: one at a time in a clinic, and not while its worker looks, so that what a rule names is there, nothing names
-- itself, and a refresh knows which rule it went by. SEG-01, SEG-02.

create or replace function app_private.lock_segments(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('segments:' || lock_segments.organization_id, 0))
$$;

comment on function app_private.lock_segments is 'Waits for whoever writes or refreshes the segments of a clinic, until the transaction ends.';
grant execute on function app_private.lock_segments to app_engine;

create or replace function app_private.own_segment(segment_id uuid, permission text) returns app_public.segments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = own_segment.segment_id and segments.deleted_at is null;
  if not found or not v_segment.organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  perform app_private.require_permission(v_segment.organization_id, own_segment.permission);
  return v_segment;
end;
$$;

comment on function app_private.own_segment is
  'A segment of a clinic where the caller has the permission; NOT_FOUND segment_not_found, FORBIDDEN otherwise.';
grant execute on function app_private.own_segment to app_engine;

/* Keeps what the rule of a segment reads, and has everybody looked at, also in what names it. */
create or replace function app_private.follow_rule(segment app_public.segments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_depends text[] := case
    when (segment).rule is null then '{patient}'
    else (app_private.compile_rule((segment).organization_id, (segment).rule)).depends
  end;
begin
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = (segment).organization_id and kept.segment_id = (segment).id and kept.code <> all (v_depends);
  insert into app_private.segment_dependencies (organization_id, code, segment_id)
  select (segment).organization_id, code, (segment).id from unnest(v_depends) as code
  on conflict do nothing;
  with recursive named as (
    select (segment).id
    union
    select dependency.segment_id
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.code = 'segment:' || named.id
  ), emptied as (
    -- What names it changes by the same edit: that is no event, either.
    update app_public.segments set filled_version = null
    where segments.id in (select named.id from named) and segments.filled_version is not null
  )
  insert into app_private.segment_marks (organization_id, segment_id)
  select (segment).organization_id, named.id from named;
  perform app_private.queue_segments(array[(segment).organization_id]);
end;
$$;

comment on function app_private.follow_rule is 'Keeps what a segment reads, and marks everybody for it and for what names it.';
grant execute on function app_private.follow_rule to app_engine;

create or replace function app_private.queue_segments(organization_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Without a key: whoever marks would wait for all others who mark in the clinic. A job that finds nothing left costs a look.
  perform graphile_worker.add_jobs(array(
    select row('refresh_segments', jsonb_build_object('organizationId', id), null, null, null, null, null, null)::graphile_worker.job_spec
    from unnest(organization_ids) as id order by id));
end;
$$;

comment on function app_private.queue_segments is 'Has the worker look at the segments of clinics.';
grant execute on function app_private.queue_segments to app_engine;
-- end of source: functions/segments/save_segment.sql

-- source: functions/segments/put_in_segment.sql
-- Patients are put into a list and taken out, by staff and by automations. SEG-01, AUT-02.

create or replace function app_private.put_in_segment(organization_id uuid, segment_id uuid, patient_id uuid, is_in boolean) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_stay app_public.segment_members;
  v_profile_id uuid;
begin
  -- For share: a list that is being removed is waited for.
  select segments.* into v_segment
  from app_public.segments
  where segments.organization_id = put_in_segment.organization_id and segments.id = put_in_segment.segment_id
    and segments.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  elsif v_segment.kind <> 'list' then
    perform app_hidden.refuse('VALIDATION', 'segment_is_not_a_list', '{"field": "segmentId"}');
  end if;
  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = put_in_segment.organization_id and patients.id = put_in_segment.patient_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;

  if is_in then
    insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
    values (put_in_segment.organization_id, put_in_segment.segment_id, put_in_segment.patient_id, v_profile_id, app_hidden.now())
    on conflict do nothing
    returning * into v_stay;
  else
    update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
    where segment_members.organization_id = put_in_segment.organization_id
      and segment_members.segment_id = put_in_segment.segment_id
      and segment_members.patient_id = put_in_segment.patient_id
      and segment_members.left_at is null
    returning * into v_stay;
  end if;
  if v_stay.id is null then
    return false;
  end if;
  perform app_private.publish_stay(v_stay, v_segment.version);
  return true;
end;
$$;

comment on function app_private.put_in_segment is
  'Puts a patient into a list, or takes them out; whether anything changed. NOT_FOUND segment_not_found, patient_not_found; VALIDATION '
  'segment_is_not_a_list.';
grant execute on function app_private.put_in_segment to app_engine;

create or replace function app_private.publish_stay(stay app_public.segment_members, segment_version int) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish(
    case when (stay).left_at is null then 'segment.entered' else 'segment.left' end, (stay).organization_id, (stay).id,
    jsonb_build_object('segmentId', (stay).segment_id, 'patientId', (stay).patient_id, 'segmentVersion', segment_version));
end;
$$;

comment on function app_private.publish_stay is 'Says that somebody entered a segment, or left it.';
grant execute on function app_private.publish_stay to app_engine;

set role app_engine;

create or replace function app_public.add_to_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, add_to_segment.patient_id, true);
  select segment_members.* into strict v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = add_to_segment.patient_id and segment_members.left_at is null;
  return v_stay;
end;
$$;

comment on function app_public.add_to_segment is
  'Puts a patient into a list; once is enough. Needs segments.manage; NOT_FOUND patient_not_found, VALIDATION segment_is_not_a_list.';
grant execute on function app_public.add_to_segment to app_member;

create or replace function app_public.remove_from_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, remove_from_segment.patient_id, false);
  select segment_members.* into v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = remove_from_segment.patient_id
  order by segment_members.entered_at desc, segment_members.id desc
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_in_segment');
  end if;
  return v_stay;
end;
$$;

comment on function app_public.remove_from_segment is
  'Takes a patient out of a list; asked again, it says when they left. Needs segments.manage; NOT_FOUND patient_not_found, '
  'not_in_segment; VALIDATION segment_is_not_a_list.';
grant execute on function app_public.remove_from_segment to app_member;

reset role;
-- end of source: functions/segments/put_in_segment.sql

-- source: functions/segments/refresh_segments.sql
-- The worker looks at whom changes have marked: one clinic in one transaction, and one worker at a time there. SEG-03, SEG-04.
-- Marks are taken before the rules are asked, and each statement sees what was committed before it: so whoever writes in between
-- has left a mark that is still there afterwards. Whoever enters or leaves marks the segments that name this one. A segment is
-- looked at after all that it names, so that nobody enters and leaves for a moment because half of a change was seen.

set role app_engine;

create or replace function app_private.refresh_segments(organization_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  -- Whoever writes a rule meanwhile waits, so a transaction ends after the segment in which so many were looked at.
  v_at_once constant int := 20000;
  v_looked int := 0;
  v_segment app_public.segments;
  v_patient_ids uuid[];
  v_is_everyone boolean;
begin
  perform app_private.lock_segments(refresh_segments.organization_id);
  for v_segment in select * from app_private.segments_in_order(refresh_segments.organization_id) loop
    with taken as (
      delete from app_private.segment_marks as marks
      where marks.organization_id = refresh_segments.organization_id and marks.segment_id = v_segment.id
      returning marks.patient_id
    )
    select bool_or(taken.patient_id is null), array_agg(distinct taken.patient_id)
    into v_is_everyone, v_patient_ids
    from taken;
    continue when v_is_everyone is null;
    perform app_private.refresh_segment(v_segment, case when not v_is_everyone then v_patient_ids end);
    v_looked := v_looked + case when v_is_everyone then v_at_once else cardinality(v_patient_ids) end;
    if v_looked >= v_at_once then
      return exists (select from app_private.segment_marks as marks where marks.organization_id = refresh_segments.organization_id);
    end if;
  end loop;
  return false;
end;
$$;

comment on function app_private.refresh_segments is
  'Looks at those marked in a clinic, some twenty thousand at once; whether somebody is left to be looked at.';
grant execute on function app_private.refresh_segments to app_worker;

reset role;

/* The segments of a clinic, each after those that it names; no rule leads back to itself, so that ends. */
create or replace function app_private.segments_in_order(organization_id uuid) returns setof app_public.segments
language sql stable
set search_path = ''
as $$
  with recursive named as (
    select segments.id, 0 as depth
    from app_public.segments
    where segments.organization_id = segments_in_order.organization_id and segments.deleted_at is null
    union
    select dependency.segment_id, named.depth + 1
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = segments_in_order.organization_id and dependency.code = 'segment:' || named.id
  )
  select segments.*
  from (select named.id, max(named.depth) as depth from named group by named.id) as deepest
  join app_public.segments on segments.organization_id = segments_in_order.organization_id and segments.id = deepest.id
  order by deepest.depth, segments.id
$$;

comment on function app_private.segments_in_order is 'The segments of a clinic, each after those that its rule names.';
grant execute on function app_private.segments_in_order to app_engine;

/* Members by the rule, of these patients or of all. What a change of somebody's rows or the passing of time does is an event; what an
   administrator did, by a new rule, is not: nobody is written to because somebody edits a segment. docs/decisions/0140. */
create or replace function app_private.refresh_segment(segment app_public.segments, patient_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_private.compiled_rule;
  v_in uuid[];
  v_now constant timestamptz := app_hidden.now();
  v_is_told constant boolean := (segment).filled_version is not distinct from (segment).version;
  v_moved int;
begin
  if (segment).kind = 'list' then
    v_in := array(
      select stays.patient_id
      from app_public.segment_members as stays
      join app_public.patients on patients.organization_id = stays.organization_id and patients.id = stays.patient_id
      where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
        and patients.deleted_at is null and (patient_ids is null or stays.patient_id = any (patient_ids)));
  else
    v_rule := app_private.compile_rule((segment).organization_id, (segment).rule);
    execute 'select array(' || v_rule.query || ')' into v_in
    using (segment).organization_id, patient_ids, v_rule.parameters, null::uuid;
  end if;

  with gone as (
    update app_public.segment_members as stays set left_at = greatest(v_now, stays.entered_at)
    where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
      and (patient_ids is null or stays.patient_id = any (patient_ids))
      and not exists (select from unnest(v_in) as member (id) where member.id = stays.patient_id)
    returning stays.*
  ), come as (
    insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
    select (segment).organization_id, (segment).id, patients.id, patients.patient_profile_id, v_now
    from unnest(v_in) as member (id)
    join app_public.patients on patients.organization_id = (segment).organization_id and patients.id = member.id
    where not exists (
      select from app_public.segment_members as stays
      where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id
        and stays.patient_id = member.id and stays.left_at is null)
    on conflict do nothing
    returning segment_members.*
  ), moved as (
    select gone.* from gone
    union all
    select come.* from come
  )
  select count(case when v_is_told then app_private.publish_stay(moved::app_public.segment_members, (segment).version) end)
    filter (where v_is_told) + count(*) filter (where not v_is_told)
  into v_moved
  from moved;

  if (segment).kind = 'rule' then
    -- Most are due when they were: only what differs is written.
    execute 'with turning (id, at) as materialized (' || v_rule.recheck || '), gone as (
        delete from app_private.segment_rechecks as kept
        where kept.organization_id = $1 and kept.segment_id = $5 and ($2 is null or kept.patient_id = any ($2))
          and not exists (select from turning where turning.id = kept.patient_id)
      )
      insert into app_private.segment_rechecks as kept (organization_id, segment_id, patient_id, at)
      select $1, $5, turning.id, turning.at
      from turning
      left join app_private.segment_rechecks as before
        on before.organization_id = $1 and before.segment_id = $5 and before.patient_id = turning.id
      where before.at is distinct from turning.at and $4::uuid is null
      on conflict on constraint segment_rechecks_pkey do update set at = excluded.at'
    using (segment).organization_id, patient_ids, v_rule.parameters, null::uuid, (segment).id;
  end if;
  if not v_is_told and patient_ids is null then
    update app_public.segments set filled_version = (segment).version where segments.id = (segment).id;
  end if;
  return v_moved;
end;
$$;

comment on function app_private.refresh_segment is 'Has these patients, or all, in a segment or not, as its rule says now; how many entered or left.';
grant execute on function app_private.refresh_segment to app_engine;
-- end of source: functions/segments/refresh_segments.sql

-- source: functions/segments/check_segment.sql
-- Each night every segment is held beside what its rule says of everybody. What differs is counted for the operators and marked, so
-- that it is mended as any change is. One statement compares, so what is written meanwhile is seen on both sides or on neither;
-- pairs that are marked or due differ rightly. SEG-03.

set role app_engine;

create or replace function app_private.check_segment(segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_rule app_private.compiled_rule;
  v_found int;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = check_segment.segment_id and segments.kind = 'rule' and segments.deleted_at is null
    and segments.filled_version = segments.version;
  if not found then
    return 0;
  end if;
  v_rule := app_private.compile_rule(v_segment.organization_id, v_segment.rule);
  execute 'with wanted as (' || v_rule.query || '), present as (
      select stays.patient_id from app_public.segment_members as stays
      where stays.organization_id = $1 and stays.segment_id = $5 and stays.left_at is null
    ), other as (
      select coalesce(wanted.id, present.patient_id) as patient_id
      from wanted full join present on present.patient_id = wanted.id
      where (wanted.id is null or present.patient_id is null)
        and not exists (
          select from app_private.segment_marks as marks
          where marks.organization_id = $1 and marks.segment_id = $5
            and (marks.patient_id is null or marks.patient_id = coalesce(wanted.id, present.patient_id)))
        and not exists (
          select from app_private.segment_rechecks as rechecks
          where rechecks.organization_id = $1 and rechecks.segment_id = $5
            and rechecks.patient_id = coalesce(wanted.id, present.patient_id) and rechecks.at <= app_hidden.now())
    ), marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select $1, $5, other.patient_id from other where $4::uuid is null
      returning patient_id
    )
    select count(*) from marked'
  into v_found
  using v_segment.organization_id, null::uuid[], v_rule.parameters, null::uuid, v_segment.id;
  if v_found > 0 then
    update app_public.segments set found_wrong = segments.found_wrong + v_found where segments.id = v_segment.id;
    perform app_private.queue_segments(array[v_segment.organization_id]);
  end if;
  return v_found;
end;
$$;

comment on function app_private.check_segment is
  'Holds the members of a segment beside its rule, and marks those who are wrongly in or out; how many they are.';
grant execute on function app_private.check_segment to app_worker;

create or replace function app_private.segments_to_check() returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select segments.id from app_public.segments where segments.kind = 'rule' and segments.deleted_at is null order by segments.id
$$;

comment on function app_private.segments_to_check is 'The segments of all clinics whose members a rule decides.';
grant execute on function app_private.segments_to_check to app_worker;

create or replace function app_private.segment_figures() returns table (figure text, value double precision)
language sql stable security definer
set search_path = ''
as $$
  select 'marks', count(*)::float8 from app_private.segment_marks
  union all
  select 'found_wrong', coalesce(sum(segments.found_wrong), 0)::float8 from app_public.segments
$$;

comment on function app_private.segment_figures is
  'For metrics: how many pairs wait to be looked at, and how many the nightly check ever found wrong.';
grant execute on function app_private.segment_figures to app_worker;

create or replace function app_private.rebuild_segment(organization_id uuid, segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments;
begin
  perform app_private.lock_segments(rebuild_segment.organization_id);
  select segments.* into v_segment
  from app_public.segments
  where segments.organization_id = rebuild_segment.organization_id and segments.id = rebuild_segment.segment_id
    and segments.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  return app_private.refresh_segment(v_segment, null);
end;
$$;

comment on function app_private.rebuild_segment is 'Looks at every patient of the clinic for one segment; how many entered or left.';
grant execute on function app_private.rebuild_segment to app_worker;

reset role;
-- end of source: functions/segments/check_segment.sql

-- source: functions/segments/create_segment.sql
-- A group of patients: whoever a rule holds for, or whoever is put in. SEG-01, SEG-02.

set role app_engine;

create or replace function app_public.create_segment(
  organization_id uuid,
  name text,
  rule jsonb default null,
  description text default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('create_segment', jsonb_build_array(organization_id, name, rule, description));
  v_segment app_public.segments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'segments.manage');
    return jsonb_populate_record(v_segment, v_remembered);
  end if;
  perform app_private.require_permission(organization_id, 'segments.manage');
  perform app_private.lock_segments(organization_id);
  if rule is not null then
    perform app_private.require_rule(organization_id, rule);
  end if;
  insert into app_public.segments (organization_id, name, description, kind, rule, created_by)
  values (create_segment.organization_id, create_segment.name, create_segment.description,
          case when create_segment.rule is null then 'list' else 'rule' end, create_segment.rule, app_private.current_actor_id())
  returning * into v_segment;
  if rule is not null then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, v_segment.created_by);
  end if;
  perform app_private.follow_rule(v_segment);
  perform app_private.remember('create_segment', to_jsonb(v_segment));
  return v_segment;
end;
$$;

comment on function app_public.create_segment is
  E'@arg rule Who is in it, as ruleBuilder describes; none: a list, into which patients are put.\n'
  'Makes a segment; its members are found by the worker, within seconds. Needs segments.manage; VALIDATION rule_not_valid with the '
  'path of all that is wrong.';
grant execute on function app_public.create_segment to app_member;

reset role;
-- end of source: functions/segments/create_segment.sql

-- source: functions/segments/due_segments.sql
-- What time alone may have changed is marked when its time has come; the clock asks each minute. It names the clinics with marks
-- as well, so that what a lost job left is done after all. SEG-03.

set role app_engine;

create or replace function app_private.due_segments() returns setof uuid
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  with due as (
    delete from app_private.segment_rechecks as rechecks
    using (
      select kept.organization_id, kept.segment_id, kept.patient_id
      from app_private.segment_rechecks as kept
      where kept.at <= app_hidden.now()
      order by kept.at
      limit 50000
      for update skip locked
    ) as come
    where rechecks.organization_id = come.organization_id and rechecks.segment_id = come.segment_id
      and rechecks.patient_id = come.patient_id
    returning rechecks.organization_id, rechecks.segment_id, rechecks.patient_id
  )
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select due.organization_id, due.segment_id, due.patient_id from due;
  return query
  select organizations.id
  from app_public.organizations
  where exists (select from app_private.segment_marks as marks where marks.organization_id = organizations.id)
  order by organizations.id;
end;
$$;

comment on function app_private.due_segments is 'Marks whom time may have moved, and says in which clinics somebody is marked.';
grant execute on function app_private.due_segments to app_worker;

reset role;
-- end of source: functions/segments/due_segments.sql

-- source: functions/segments/edit_segment.sql
-- A segment is called otherwise, or has another rule, which is its next version. SEG-01.

set role app_engine;

create or replace function app_public.edit_segment(
  segment_id uuid,
  name text default null,
  description text default null,
  rule jsonb default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_is_other boolean;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select segments.* into v_segment
  from app_public.segments
  where segments.id = edit_segment.segment_id and segments.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  v_is_other := coalesce(rule <> v_segment.rule, rule is not null);
  if v_is_other then
    if v_segment.kind = 'list' then
      perform app_hidden.refuse('VALIDATION', 'segment_is_a_list', '{"field": "rule"}');
    end if;
    perform app_private.require_rule(v_segment.organization_id, rule);
    perform app_private.require_no_circle(v_segment, rule);
  end if;
  update app_public.segments
  set name = coalesce(edit_segment.name, segments.name),
      description = coalesce(edit_segment.description, segments.description),
      rule = case when v_is_other then edit_segment.rule else segments.rule end,
      version = segments.version + v_is_other::int
  where segments.id = v_segment.id
  returning * into v_segment;
  if v_is_other then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, app_private.current_actor_id());
    perform app_private.follow_rule(v_segment);
  end if;
  return v_segment;
end;
$$;

comment on function app_public.edit_segment is
  E'@arg rule Another rule, as ruleBuilder describes; it is the next version, and members follow within seconds. None: it stays.\n'
  'Edits a segment; what is not given stays. Needs segments.manage; VALIDATION rule_not_valid with the path of all that is wrong, '
  'segment_is_a_list, segment_names_itself.';
grant execute on function app_public.edit_segment to app_member;

reset role;

/* The segments that a rule reads, and what those read, may not come back to the one that it is of. */
create or replace function app_private.require_no_circle(segment app_public.segments, rule jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_named text[];
begin
  with recursive named as (
    select code
    from unnest((app_private.compile_rule((segment).organization_id, rule)).depends) as code
    where starts_with(code, 'segment:')
    union
    select dependency.code
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.segment_id = substr(named.code, 9)::uuid
    where starts_with(dependency.code, 'segment:')
  )
  select array_agg(code) into v_named from named;
  if 'segment:' || (segment).id = any (v_named) then
    perform app_hidden.refuse('VALIDATION', 'segment_names_itself', '{"field": "rule"}');
  end if;
end;
$$;

comment on function app_private.require_no_circle is 'VALIDATION segment_names_itself where a rule leads back to its own segment.';
grant execute on function app_private.require_no_circle to app_engine;
-- end of source: functions/segments/edit_segment.sql

-- source: functions/segments/on_merge_segments.sql
-- Whom somebody put into a list is in it whichever of two charts was kept. Members by a rule are found anew, and their earlier stays
-- remain those of the duplicate: who was in on a day is not rewritten. SEG-03, FND-34.

create or replace function app_private.on_merge_segments(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  with moved as (
    update app_public.segment_members as mine set patient_id = kept.id, patient_profile_id = kept.patient_profile_id
    from app_public.segments
    where mine.organization_id = kept.organization_id and mine.patient_id = duplicate.id and mine.left_at is null
      and segments.organization_id = mine.organization_id and segments.id = mine.segment_id and segments.kind = 'list'
      and not exists (
        select from app_public.segment_members as theirs
        where theirs.organization_id = mine.organization_id and theirs.segment_id = mine.segment_id
          and theirs.patient_id = kept.id and theirs.left_at is null)
    returning mine.id, old.patient_id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.segment_members.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_segments is 'Has the patient who is kept in the lists that the duplicate was in.';
grant execute on function app_private.on_merge_segments to app_engine;
-- end of source: functions/segments/on_merge_segments.sql

-- source: functions/segments/remove_segment.sql
-- A segment goes while nothing names it; who was in it stays to be read by who asks for its id. SEG-01.

set role app_engine;

create or replace function app_public.remove_segment(segment_id uuid) returns app_public.segments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_names jsonb;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select jsonb_agg(jsonb_build_object('kind', named.kind, 'id', named.id, 'name', named.name) order by named.kind, named.name)
  into v_names
  from app_private.who_names_segment(v_segment.organization_id, v_segment.id) as named;
  if v_names is not null then
    perform app_hidden.refuse('CONFLICT', 'segment_is_named', jsonb_build_object('count', jsonb_array_length(v_names), 'by', v_names));
  end if;
  perform app_private.soft_delete('app_public.segments', v_segment.id);
  update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
  where segment_members.organization_id = v_segment.organization_id
    and segment_members.segment_id = v_segment.id and segment_members.left_at is null;
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_marks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_rechecks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  select segments.* into strict v_segment from app_public.segments where segments.id = v_segment.id;
  return v_segment;
end;
$$;

comment on function app_public.remove_segment is
  'Removes a segment. Needs segments.manage; CONFLICT segment_is_named with what names it.';
grant execute on function app_public.remove_segment to app_member;

reset role;

/* The one place that knows what may name a segment; whatever comes to name one joins here. */
create or replace function app_private.who_names_segment(organization_id uuid, segment_id uuid)
returns table (kind text, id uuid, name text)
language sql stable
set search_path = ''
as $$
  select 'segment', segments.id, segments.name
  from app_private.segment_dependencies as dependency
  join app_public.segments on segments.organization_id = dependency.organization_id and segments.id = dependency.segment_id
  where dependency.organization_id = who_names_segment.organization_id
    and dependency.code = 'segment:' || who_names_segment.segment_id
    and segments.deleted_at is null
$$;

comment on function app_private.who_names_segment is 'What would not know any more who it is about, were the segment gone.';
grant execute on function app_private.who_names_segment to app_engine;
-- end of source: functions/segments/remove_segment.sql

-- source: functions/segments/segment_members_on.sql
-- Who is in a segment, and who was in it on a day of the clinic's calendar. SEG-01.

create or replace function app_public.segment_members_on(organization_id uuid, segment_id uuid, day date default null)
returns setof app_public.segment_members
language sql stable
set search_path = ''
as $$
  select stays.*
  from app_public.segment_members as stays
  join app_public.organizations on organizations.id = stays.organization_id
  where stays.organization_id = segment_members_on.organization_id
    and stays.segment_id = segment_members_on.segment_id
    and (
      case when day is null then stays.left_at is null
      else stays.entered_at < (day + 1)::timestamp at time zone organizations.timezone
        and (stays.left_at is null or stays.left_at > day::timestamp at time zone organizations.timezone)
      end)
  order by stays.entered_at, stays.id
$$;

comment on function app_public.segment_members_on is
  E'@arg day The day on the clinic''s clock; none: now.\n'
  'The stays of those who are in a segment now, or who were in it at any time of a day. Needs segments.view and patients.view.';
grant execute on function app_public.segment_members_on to app_member;

create or replace function app_public.segments_member_count(segment app_public.segments) returns int
language sql stable
set search_path = ''
as $$
  select count(*)::int
  from app_public.segment_members as stays
  where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
$$;

comment on function app_public.segments_member_count is 'How many are in it now, as far as the caller may see them.';
grant execute on function app_public.segments_member_count to app_member;

set role app_engine;

create or replace function app_public.explain_segment(segment_id uuid, patient_id uuid) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.view');
begin
  perform app_private.require_permission(v_segment.organization_id, 'patients.view');
  if not exists (
    select from app_public.patients
    where patients.organization_id = v_segment.organization_id and patients.id = explain_segment.patient_id and patients.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  elsif v_segment.kind = 'list' then
    return jsonb_build_object('list', true, 'holds', app_private.is_in_segment(v_segment.organization_id, v_segment.id, patient_id));
  end if;
  -- What somebody asks for by a rule may say more of a patient than they may read: their permissions are asked as for a rule of theirs.
  perform app_private.require_rule(v_segment.organization_id, v_segment.rule);
  return app_private.explain_rule(v_segment.organization_id, explain_segment.patient_id, v_segment.rule);
end;
$$;

comment on function app_public.explain_segment is
  E'@cost 20\n'
  'Why a patient is in a segment or is not: its rule with holds in each part, and what is there as actual; of a list only holds. '
  'Needs segments.view, patients.view, and what the fields of the rule need. NOT_FOUND segment_not_found, patient_not_found.';
grant execute on function app_public.explain_segment to app_member;

reset role;

create or replace function app_private.is_in_segment(organization_id uuid, segment_id uuid, patient_id uuid) returns boolean
language sql stable
set search_path = ''
return exists (
  select from app_public.segment_members as stays
  where stays.organization_id = is_in_segment.organization_id and stays.segment_id = is_in_segment.segment_id
    and stays.patient_id = is_in_segment.patient_id and stays.left_at is null);

comment on function app_private.is_in_segment is 'Whether a patient is in a segment now.';
grant execute on function app_private.is_in_segment to app_engine;
-- end of source: functions/segments/segment_members_on.sql

-- source: functions/segments/tg_mark_segments.sql
-- A change of what rules read marks whom it is about, for the segments that read it, in the transaction of the change. SEG-03.
-- One query a statement; where no segment of the clinic reads it, that finds nothing in a small index. The same function stands on
-- every table of rule_sources, told by its arguments how to find the patient; it knows its rows as "changed", written or deleted.

set role app_engine;

create or replace function app_private.tg_mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_source constant text := tg_argv[0];
  v_found_by constant text := tg_argv[1];
  v_detail constant text := tg_argv[2];
  v_clinics uuid[];
begin
  if v_found_by = 'patient' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, changed.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, changed.patient_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || coalesce(':' || (to_jsonb(changed) ->> v_detail), '')
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_profile_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || coalesce(':' || (to_jsonb(changed) ->> v_detail), '')
      join app_public.patients
        on patients.organization_id = changed.organization_id and patients.patient_profile_id = changed.patient_profile_id
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'profile' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'clinic' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  else
    -- Everyone of the clinic that the row names, or of every clinic where it names none.
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select distinct dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.code = v_source || coalesce(':' || (to_jsonb(changed) ->> v_detail), '')
        and (changed.organization_id is null or dependency.organization_id = changed.organization_id)
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  end if;

  if v_clinics is not null then
    perform app_private.queue_segments(v_clinics);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_segments is
  'Marks the patients of changed rows for the segments that read them; its arguments are those of a row of rule_sources. Triggers '
  '_900_segments_<source>_….';

reset role;

-- One trigger for each command of each source: transition tables are of one command. A test holds them beside rule_sources.
create or replace trigger _900_segments_profile_insert after insert on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_update after update on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_delete after delete on app_public.patient_profiles
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_patient_insert after insert on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_update after update on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_delete after delete on app_public.patients
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_clinic_insert after insert on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_update after update on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_delete after delete on app_public.organizations
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_custom_insert after insert on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_update after update on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_delete after delete on app_public.custom_field_values
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_appointments_insert after insert on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_update after update on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_delete after delete on app_public.appointments
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_insert after insert on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consents
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_insert after insert on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consent_purpose_versions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_service_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_insert after insert on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_update after update on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_delete after delete on app_public.segment_members
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
-- end of source: functions/segments/tg_mark_segments.sql

-- source: functions/segments/tg_patient_merges__mark_segments.sql
-- A merge and its undo change rows of both charts, and where a row was before stands in no trigger of its table: both are looked at
-- again for everything. SEG-03, FND-34.

set role app_engine;

create or replace function app_private.tg_patient_merges__mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select segments.organization_id, segments.id, patients.id
  from app_public.segments
  join app_public.patients
    on patients.organization_id = segments.organization_id
    and patients.patient_profile_id in (new.patient_profile_id, new.merged_profile_id)
  where segments.organization_id = new.organization_id and segments.deleted_at is null;
  if found then
    perform app_private.queue_segments(array[new.organization_id]);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_patient_merges__mark_segments is 'Marks both patients for every segment. Trigger _900_segments.';

reset role;

create or replace trigger _900_segments after insert or update on app_public.patient_merges
  for each row execute function app_private.tg_patient_merges__mark_segments();
-- end of source: functions/segments/tg_patient_merges__mark_segments.sql

-- source: policies/events/event_consumers.sql
-- Read by the engine; changed by migrations only. FND-14.

select app_private.classify('app_private.event_consumers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "on_demand"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_consumers', engine => 'select');
-- end of source: policies/events/event_consumers.sql

-- source: policies/events/event_interests.sql
-- Kept by keep_interests(), from the clinic's own rules and subscriptions; read when an event is published. FND-14.

select app_private.classify('app_private.event_interests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "consumer", "event_name"]}',
  unaudited => 'Follows from rows that are audited: automations, and subscriptions of webhooks.');
select app_private.protect('app_private.event_interests', engine => 'select, insert, delete');
-- end of source: policies/events/event_interests.sql

-- source: policies/rules/rule_collections.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_collections', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "label_en", "label_ro", "source", "permission", "table_name", "person_sql", "time_sql", "event_property"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_collections', engine => 'select');
-- end of source: policies/rules/rule_collections.sql

-- source: policies/rules/rule_event_properties.sql
-- Read by the builder of conditions; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_event_properties', home => 'platform', retention => 'reference', classes =>
  '{"public": ["property", "label_en", "label_ro", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_event_properties', engine => 'select');
-- end of source: policies/rules/rule_event_properties.sql

-- source: policies/rules/rule_fields.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_fields', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "position", "collection", "type", "label_en", "label_ro", "source", "permission", "cost", "value_sql", "turns_sql", "choices", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_fields', engine => 'select');
-- end of source: policies/rules/rule_fields.sql

-- source: policies/rules/rule_operators.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_operators', home => 'platform', retention => 'reference', classes =>
  '{"public": ["type", "code", "position", "label_en", "label_ro", "operand", "condition_sql", "turning_days"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_operators', engine => 'select');
-- end of source: policies/rules/rule_operators.sql

-- source: policies/rules/rule_sources.sql
-- Read by the compiler of rules and by what marks patients to be looked at again; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_sources', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "table_name", "found_by", "detail_column"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_sources', engine => 'select');
-- end of source: policies/rules/rule_sources.sql

-- source: policies/segments/segment_dependencies.sql
-- Written with the rule, asked by every change of what rules read. SEG-03.

select app_private.classify('app_private.segment_dependencies', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "code", "segment_id"]}',
  unaudited => 'Follows from the rule, which is audited.');
select app_private.protect('app_private.segment_dependencies', engine => 'select, insert, delete');
-- end of source: policies/segments/segment_dependencies.sql

-- source: policies/segments/segment_marks.sql
-- Written by triggers in the transaction of a change, worked off by refresh_segments(). SEG-03.

select app_private.classify('app_private.segment_marks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "segment_id"], "phi": ["patient_id"]}',
  unaudited => 'Work that is waiting; it is gone when it is done.');
select app_private.on_merge('app_private.segment_marks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_marks', engine => 'select, insert, delete');
-- end of source: policies/segments/segment_marks.sql

-- source: policies/segments/segment_members.sql
-- Staff with segments.view who see patients; written by the worker and by the verbs of lists. SEG-01, SEG-03.

select app_private.classify('app_public.segment_members', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "segment_id", "entered_at", "left_at"],
    "phi": ["patient_id", "patient_profile_id"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Follows from what is audited: the rows of the patient, and the rule. The stays are their own history.');
select app_private.on_merge('app_public.segment_members', 'patient_id', 'on_merge_segments');
select app_private.on_merge('app_public.segment_members', 'patient_profile_id', 'on_merge_segments');
select app_private.protect('app_public.segment_members', engine => 'select, insert, update');

grant select on app_public.segment_members to app_member;

create policy segment_members_select_staff on app_public.segment_members for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[])
         and organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));
-- end of source: policies/segments/segment_members.sql

-- source: policies/segments/segment_rechecks.sql
-- Written and read by the worker's functions. SEG-03.

select app_private.classify('app_private.segment_rechecks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["organization_id", "segment_id", "at"], "phi": ["patient_id"]}',
  unaudited => 'Follows from rules and the rows that they read.');
select app_private.on_merge('app_private.segment_rechecks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_rechecks', engine => 'select, insert, update, delete');
-- end of source: policies/segments/segment_rechecks.sql

-- source: policies/segments/segment_versions.sql
-- Staff with segments.view; written with the segment and never changed. SEG-01.

select app_private.classify('app_public.segment_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "segment_id", "number", "written_by", "written_at"],
    "phi": ["rule"]}');
select app_private.protect('app_public.segment_versions', engine => 'select, insert');

grant select on app_public.segment_versions to app_member;

create policy segment_versions_select_staff on app_public.segment_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.segment_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/segments/segment_versions.sql

-- source: policies/segments/segments.sql
-- Staff with segments.view; written by verbs. SEG-01.

select app_private.classify('app_public.segments', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "version", "filled_version", "found_wrong", "created_by", "created_at", "updated_at", "deleted_at"],
    "phi": ["name", "description", "rule"]}');
select app_private.allow_soft_delete('app_public.segments', 'segments.manage', 'r.name');
select app_private.protect('app_public.segments', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.segments to app_member;

create policy segments_select_staff on app_public.segments for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]) and deleted_at is null);
-- end of source: policies/segments/segments.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                     | description
  -------------------------+-------------------------------------------------------------
  appointments.conduct     | Start and finish appointments, record no-shows
  appointments.manage      | Book, confirm, cancel; answer booking requests
  appointments.view        | See the clinic''s appointments and booking requests
  audit.view               | Read the clinic''s audit log
  calendars.manage         | Edit bookable calendars
  consent_texts.manage     | Publish the clinic''s consent texts and privacy notices
  consents.override        | Go on without a consent in an emergency, with a reason
  consents.record          | Record what patients accept, refuse and withdraw, on evidence
  form_templates.manage    | Edit and publish templates of forms and the clinic''s own fields
  forms.fill               | Make forms for patients, fill them in, complete and reopen them
  forms.view               | See the patients'' forms and what was answered
  integrations.manage      | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage           | Add and remove members, give and take roles
  message_templates.manage | Edit the words of the clinic''s messages
  messages.view            | See which messages the clinic''s patients were sent
  organization.manage      | Change the clinic''s details and booking settings
  owners.manage            | Name and remove owners of the clinic
  patient_plans.manage     | Sell plans to patients, open access, change subscriptions, adjust what is left
  patient_plans.view       | See the plans and subscriptions of the clinic''s patients
  patient_tiers.manage     | Edit tiers and what they include
  patients.block           | Keep patients from booking by themselves, and decide about it
  patients.manage          | Add and edit patients and their caregivers
  patients.merge           | Merge two patients who are one person, and undo it
  patients.view            | See the clinic''s patients
  reviews.alerted          | Be told at once of reviews with few stars
  reviews.view             | Read patients'' reviews and the specialists'' ratings
  roles.manage             | Define the clinic''s own roles
  schedules.manage         | Edit every specialist''s hours
  schedules.manage_own     | Edit one''s own hours as a specialist
  segments.manage          | Make segments of patients, edit and remove them
  segments.view            | See segments, and who is in them
  service_plans.manage     | Edit service plans and products
  services.manage          | Edit services and who provides them
  specialists.manage       | Add, edit and remove specialists
  specialists.view_org     | See specialists'' accounts and contacts
  specialties.manage       | Edit the clinic''s own specialties
  suppressions.lift        | Let the clinic write again to an address that was reported as dead
');
-- end of source: reference/identity/permissions.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  segments.view
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.block
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/rules/rule_collections.sql
-- What rules count of a patient. SEG-02.

select app_private.own_rows('app_private.rule_collections', rows => '
code: appointments
label_en: Appointments
label_ro: Programări
source: appointments
permission: appointments.view
table_name: app_public.appointments
person_sql: r.patient_profile_id = p.patient_profile_id and r.deleted_at is null
time_sql: r.starts_at
event_property: appointmentId
==========
code: forms
label_en: Forms
label_ro: Formulare
source: forms
permission: forms.view
table_name: app_public.forms
person_sql: r.patient_id = p.id and r.deleted_at is null
time_sql: coalesce(r.completed_at, r.created_at)
event_property: formId
==========
code: plans
label_en: Service plans
label_ro: Planuri de servicii
source: plans
permission: patient_plans.view
table_name: app_public.patient_service_plans
person_sql: r.patient_profile_id = p.patient_profile_id
time_sql: r.starts_at
');
-- end of source: reference/rules/rule_collections.sql

-- source: reference/rules/rule_event_properties.sql
-- What properties of events are called in a condition. SEG-05. One that is not here goes by the name that it has in the event.

select app_private.own_rows('app_private.rule_event_properties', rows => '
  property         | label_en          | label_ro                 | choices_of
  -----------------+-------------------+--------------------------+---------------
  serviceId        | Service           | Serviciu                 | services
  specialistId     | Specialist        | Specialist               | specialists
  fromSpecialistId | Specialist before | Specialistul de dinainte | specialists
  calendarId       | Calendar          | Calendar                 | calendars
  templateId       | Form              | Formular                 | form_templates
  tierId           | Subscription      | Abonament                | patient_tiers
  startsAt         | Starts on         | Începe în                |
  endsAt           | Ends on           | Se încheie în            |
  from             | State before      | Starea de dinainte       |
  to               | New state         | Starea nouă              |
  rating           | Stars             | Stele                    |
');
-- end of source: reference/rules/rule_event_properties.sql

-- source: reference/rules/rule_fields_of_appointments.sql
-- The fields of what a patient has several of: appointments. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "appointments"}', rows => '
code: appointment.status
position: 18
type: choice
label_en: State
label_ro: Stare
source: appointments
permission: appointments.view
cost: 3
value_sql: r.status
choices: [{"value": "booked", "ro": "programată", "en": "booked"}, {"value": "upcoming", "ro": "urmează", "en": "upcoming"}, {"value": "confirmed", "ro": "confirmată", "en": "confirmed"}, {"value": "inprogress", "ro": "în desfășurare", "en": "in progress"}, {"value": "done", "ro": "încheiată", "en": "done"}, {"value": "cancelled", "ro": "anulată", "en": "cancelled"}, {"value": "noshow", "ro": "neprezentare", "en": "no-show"}]
==========
code: appointment.service
position: 19
type: choice
label_en: Service
label_ro: Serviciu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.service_id::text
choices_of: services
==========
code: appointment.specialist
position: 20
type: choice
label_en: Specialist
label_ro: Specialist
source: appointments
permission: appointments.view
cost: 3
value_sql: r.specialist_id::text
choices_of: specialists
==========
code: appointment.calendar
position: 21
type: choice
label_en: Calendar
label_ro: Calendar
source: appointments
permission: appointments.view
cost: 3
value_sql: r.calendar_id::text
choices_of: calendars
==========
code: appointment.modality
position: 22
type: choice
label_en: How it takes place
label_ro: Cum are loc
source: appointments
permission: appointments.view
cost: 3
value_sql: r.modality
choices: [{"value": "in_person", "ro": "la clinică", "en": "in person"}, {"value": "video", "ro": "video", "en": "video"}, {"value": "phone", "ro": "telefonic", "en": "by phone"}]
==========
code: appointment.starts_at
position: 23
type: instant
label_en: Day
label_ro: Ziua
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at
==========
code: appointment.created_at
position: 24
type: instant
label_en: Booked on
label_ro: Făcută în
source: appointments
permission: appointments.view
cost: 3
value_sql: r.created_at
==========
code: appointment.is_to_come
position: 25
type: boolean
label_en: Is still to come
label_ro: Urmează
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at > {now}
turns_sql: case when r.starts_at > {now} then r.starts_at end
==========
code: appointment.is_late_cancellation
position: 26
type: boolean
label_en: Was called off late
label_ro: A fost anulată târziu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.is_late_cancellation
==========
code: appointment.is_by_plan
position: 27
type: boolean
label_en: Is by a plan
label_ro: Este dintr-un plan
source: appointments
permission: appointments.view
cost: 3
value_sql: r.patient_service_plan_id is not null
');
-- end of source: reference/rules/rule_fields_of_appointments.sql

-- source: reference/rules/rule_fields_of_forms.sql
-- The fields of what a patient has several of: forms. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "forms"}', rows => '
code: answered.template
position: 28
type: choice
label_en: Form
label_ro: Formular
source: forms
permission: forms.view
cost: 3
value_sql: r.template_id::text
choices_of: form_templates
==========
code: answered.status
position: 29
type: choice
label_en: State
label_ro: Stare
source: forms
permission: forms.view
cost: 3
value_sql: r.status
choices: [{"value": "pending", "ro": "neînceput", "en": "not begun"}, {"value": "in_progress", "ro": "în lucru", "en": "in progress"}, {"value": "completed", "ro": "completat", "en": "completed"}, {"value": "signed", "ro": "semnat", "en": "signed"}, {"value": "cancelled", "ro": "anulat", "en": "cancelled"}]
==========
code: answered.completed_at
position: 30
type: instant
label_en: Completed on
label_ro: Completat în
source: forms
permission: forms.view
cost: 3
value_sql: r.completed_at
==========
code: answered.created_at
position: 31
type: instant
label_en: Asked on
label_ro: Cerut în
source: forms
permission: forms.view
cost: 3
value_sql: r.created_at
');
-- end of source: reference/rules/rule_fields_of_forms.sql

-- source: reference/rules/rule_fields_of_patients.sql
-- The fields of a patient that every clinic has. SEG-02, SEG-05. p is the patient with the person, $1 the clinic; {today} and
-- {zone} are the clinic's, {now} the present. A new source, such as adherence, is a record here and its row in rule_sources:
-- the compiler needs no change. The subscription is the one that is live.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": null}', rows => '
code: profile.age
position: 1
type: number
label_en: Age
label_ro: Vârsta
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then extract(year from age({today}::timestamp, p.birth_date::timestamp)) end
turns_sql: case when p.birth_date > {today} then p.birth_date else greatest((p.birth_date + make_interval(years => extract(year from age({today}::timestamp, p.birth_date::timestamp))::int + 1))::date, {today} + 1) end::timestamp at time zone {zone}
==========
code: profile.birth_date
position: 2
type: date
label_en: Date of birth
label_ro: Data nașterii
source: profile
permission: patients.view
cost: 0
value_sql: p.birth_date
==========
code: profile.days_to_birthday
position: 3
type: number
label_en: Days until the birthday
label_ro: Zile până la ziua de naștere
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int + case when (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int))::date < {today} then 1 else 0 end))::date - {today} end
turns_sql: case when p.birth_date is not null then ({today} + 1)::timestamp at time zone {zone} end
==========
code: profile.given_name
position: 4
type: text
label_en: Given name
label_ro: Prenume
source: profile
permission: patients.view
cost: 0
value_sql: p.given_name
==========
code: profile.family_name
position: 5
type: text
label_en: Family name
label_ro: Nume de familie
source: profile
permission: patients.view
cost: 0
value_sql: p.family_name
==========
code: profile.email
position: 6
type: text
label_en: E-mail address
label_ro: Adresă de e-mail
source: profile
permission: patients.view
cost: 0
value_sql: p.email
==========
code: profile.has_phone
position: 7
type: boolean
label_en: Has a phone number
label_ro: Are număr de telefon
source: profile
permission: patients.view
cost: 0
value_sql: p.phone is not null
==========
code: profile.locale
position: 8
type: choice
label_en: Language
label_ro: Limba
source: profile
permission: patients.view
cost: 0
value_sql: p.locale
choices: [{"value": "ro", "ro": "română", "en": "Romanian"}, {"value": "en", "ro": "engleză", "en": "English"}]
==========
code: patient.created_at
position: 9
type: instant
label_en: Patient since
label_ro: Pacient din
source: patient
permission: patients.view
cost: 0
value_sql: p.created_at
==========
code: patient.profile_completed_at
position: 10
type: instant
label_en: Profile complete since
label_ro: Profil complet din
source: patient
permission: patients.view
cost: 0
value_sql: p.profile_completed_at
==========
code: patient.has_account
position: 11
type: boolean
label_en: Has an account
label_ro: Are cont
source: profile
permission: patients.view
cost: 0
value_sql: p.human_id is not null
==========
code: patient.has_open_plan
position: 12
type: boolean
label_en: Has an open plan
label_ro: Are un plan deschis
source: plans
permission: patient_plans.view
cost: 1
value_sql: exists (select from app_public.patient_service_plans as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and app_public.patient_service_plans_is_open(s))
turns_sql: (select min(least(case when v.starts_at > {now} then v.starts_at end, case when v.valid_until > {now} then v.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = v.source_tier_subscription_id and turn.at > {now}))) from app_public.patient_service_plans as v where v.organization_id = $1 and v.patient_profile_id = p.patient_profile_id and v.ended_at is null)
==========
code: subscription.tier
position: 13
type: choice
label_en: Subscription
label_ro: Abonament
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.tier_id::text from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices_of: patient_tiers
==========
code: subscription.status
position: 14
type: choice
label_en: State of the subscription
label_ro: Starea abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.status from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "pending", "ro": "în așteptare", "en": "pending"}, {"value": "trialing", "ro": "de probă", "en": "on trial"}, {"value": "active", "ro": "activ", "en": "active"}, {"value": "past_due", "ro": "plată restantă", "en": "payment awaited"}]
==========
code: subscription.billing_period
position: 15
type: choice
label_en: Billing period of the subscription
label_ro: Perioada de facturare a abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.billing_period from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "month", "ro": "lunar", "en": "monthly"}, {"value": "quarter", "ro": "trimestrial", "en": "quarterly"}, {"value": "year", "ro": "anual", "en": "yearly"}]
==========
code: subscription.since
position: 16
type: date
label_en: Subscribed since
label_ro: Abonat din
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.anchor_on from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
==========
code: subscription.ends_at
position: 17
type: instant
label_en: Subscription ends on
label_ro: Abonamentul se încheie în
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.ends_at from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
');
-- end of source: reference/rules/rule_fields_of_patients.sql

-- source: reference/rules/rule_fields_of_plans.sql
-- The fields of what a patient has several of: plans. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "plans"}', rows => '
code: plan.service_plan
position: 32
type: choice
label_en: Plan
label_ro: Plan
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.service_plan_id::text
choices_of: service_plans
==========
code: plan.is_open
position: 33
type: boolean
label_en: Is open
label_ro: Este deschis
source: plans
permission: patient_plans.view
cost: 3
value_sql: app_public.patient_service_plans_is_open(r)
turns_sql: least(case when r.starts_at > {now} then r.starts_at end, case when r.valid_until > {now} then r.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = r.source_tier_subscription_id and turn.at > {now}))
==========
code: plan.is_of_subscription
position: 34
type: boolean
label_en: Comes with a subscription
label_ro: Vine cu un abonament
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.source_tier_subscription_id is not null
==========
code: plan.starts_at
position: 35
type: instant
label_en: Begins on
label_ro: Începe în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.starts_at
==========
code: plan.valid_until
position: 36
type: instant
label_en: Valid until
label_ro: Valabil până în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.valid_until
==========
code: plan.ended_at
position: 37
type: instant
label_en: Ended on
label_ro: Încheiat în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.ended_at
');
-- end of source: reference/rules/rule_fields_of_plans.sql

-- source: reference/rules/rule_operators.sql
-- How fields are compared. SEG-02. Where a field is missing the comparison is null, which counts as false. {v} is the field,
-- {a} and {b} what it is compared with; of a text {a} is folded when the rule is compiled.

select app_private.own_rows('app_private.rule_operators', rows => '
  type     | code            | position | label_en                    | label_ro                   | operand | condition_sql                                              | turning_days
  ---------+-----------------+----------+-----------------------------+----------------------------+---------+------------------------------------------------------------+------------------------------
  text     | is              | 1        | is                          | este                       | one     | app_private.rule_text({v}) = {a}                          |
  text     | is_not          | 2        | is not                      | nu este                    | one     | app_private.rule_text({v}) <> {a}                         |
  text     | contains        | 3        | contains                    | conține                    | one     | position({a} in app_private.rule_text({v})) > 0           |
  text     | contains_not    | 4        | does not contain            | nu conține                 | one     | position({a} in app_private.rule_text({v})) = 0           |
  text     | starts_with     | 5        | starts with                 | începe cu                  | one     | starts_with(app_private.rule_text({v}), {a})              |
  text     | one_of          | 6        | is one of                   | este una dintre            | list    | app_private.rule_text({v}) = any ({a})                    |
  text     | none_of         | 7        | is none of                  | nu este niciuna dintre     | list    | app_private.rule_text({v}) <> all ({a})                   |
  text     | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  text     | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  number   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  number   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  number   | greater         | 3        | is greater than             | este mai mare decât        | one     | {v} > {a}                                                  |
  number   | at_least        | 4        | is at least                 | este cel puțin             | one     | {v} >= {a}                                                 |
  number   | less            | 5        | is less than                | este mai mic decât         | one     | {v} < {a}                                                  |
  number   | at_most         | 6        | is at most                  | este cel mult              | one     | {v} <= {a}                                                 |
  number   | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  number   | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  number   | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  boolean  | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  boolean  | is_set          | 2        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  boolean  | is_not_set      | 3        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  date     | is              | 1        | is on                       | este în ziua de            | one     | {v} = {a}                                                  |
  date     | is_not          | 2        | is not on                   | nu este în ziua de         | one     | {v} <> {a}                                                 |
  date     | before          | 3        | is before                   | este înainte de            | one     | {v} < {a}                                                  |
  date     | until           | 4        | is on or before             | este cel târziu în         | one     | {v} <= {a}                                                 |
  date     | after           | 5        | is after                    | este după                  | one     | {v} > {a}                                                  |
  date     | since           | 6        | is on or after              | este cel devreme în        | one     | {v} >= {a}                                                 |
  date     | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  date     | last_days       | 8        | is today or in the last … days | este azi sau în ultimele … zile | days | {v} between {today} - {a} and {today}                      | {v}; {v} + {a} + 1
  date     | more_days_ago   | 9        | was more than … days ago    | a fost acum mai mult de … zile | days | {v} < {today} - {a}                                        | {v} + {a} + 1
  date     | next_days       | 10       | is today or in the next … days | este azi sau în următoarele … zile | days | {v} between {today} and {today} + {a}                 | {v} - {a}; {v} + 1
  date     | is_set          | 11       | is known                    | este cunoscută             | none    | {v} is not null                                            |
  date     | is_not_set      | 12       | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choice   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  choice   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  choice   | one_of          | 3        | is one of                   | este una dintre            | list    | {v} = any ({a})                                            |
  choice   | none_of         | 4        | is none of                  | nu este niciuna dintre     | list    | {v} <> all ({a})                                           |
  choice   | is_set          | 5        | is known                    | este cunoscută             | none    | {v} is not null                                            |
  choice   | is_not_set      | 6        | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choices  | includes        | 1        | includes                    | include                    | one     | {v} @> array[{a}]                                          |
  choices  | includes_not    | 2        | does not include            | nu include                 | one     | not {v} @> array[{a}]                                      |
  choices  | includes_any    | 3        | includes any of             | include una dintre         | list    | {v} && {a}                                                 |
  choices  | includes_all    | 4        | includes all of             | include toate              | list    | {v} @> {a}                                                 |
  choices  | is_set          | 5        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  choices  | is_not_set      | 6        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  presence | is_set          | 1        | is there                    | există                     | none    | {v} is not null                                            |
  presence | is_not_set      | 2        | is not there                | nu există                  | none    | {v} is null                                                |
');
-- end of source: reference/rules/rule_operators.sql

-- source: reference/rules/rule_sources.sql
-- Which rows a rule reads, and whom a changed row is about: what marks patients to be looked at again stands on these. SEG-03.
-- A score of a form is written with its completion, so form stands for both.

select app_private.own_rows('app_private.rule_sources', rows => '
  code         | table_name                           | found_by           | detail_column
  -------------+--------------------------------------+--------------------+----------------
  profile      | app_public.patient_profiles          | profile            |
  patient      | app_public.patients                  | patient            |
  clinic       | app_public.organizations             | clinic             |
  custom       | app_public.custom_field_values       | patient_profile_id | custom_field_id
  form         | app_public.forms                     | patient_id         | template_id
  forms        | app_public.forms                     | patient_id         |
  appointments | app_public.appointments              | patient_profile_id |
  consents     | app_public.consents                  | patient_profile_id | purpose_code
  consents     | app_public.consent_purpose_versions  | everyone           | purpose_code
  plans        | app_public.patient_service_plans     | patient_profile_id |
  plans        | app_public.patient_subscriptions     | patient_profile_id |
  subscription | app_public.patient_subscriptions     | patient_profile_id |
  segment      | app_public.segment_members           | patient_id         | segment_id
');
-- end of source: reference/rules/rule_sources.sql

-- source: reference/segments/segment_events.sql
-- What is published about segments. A version is never changed: a new one is added. FND-14, SEG-04.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "segment_member"}', rows => '
name: segment.entered
version: 1
description: Something of a patient changed, or time passed, and they are in a segment now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
==========
name: segment.left
version: 1
description: Something of a patient changed, or time passed, and they are not in a segment any more.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
');
-- end of source: reference/segments/segment_events.sql

select app_private.write_owned_rows();
