-- The catalog lint, shapes: names, types, comments, triggers and states.

create or replace function tests.lint_comments() returns table (object text, problem text)
language sql stable as $$
  select t.name, 'has no comment' from tests.app_tables t
  where not t.relispartition and pg_catalog.obj_description(t.oid, 'pg_class') is null
  union all
  select f.name, 'has no comment' from tests.app_functions f
  where pg_catalog.obj_description(f.oid, 'pg_proc') is null
  union all
  select c.oid::regclass::text, 'has no comment' from pg_catalog.pg_class c
  where c.relkind in ('v', 'm') and c.relnamespace = any (tests.app_schemas())
    and pg_catalog.obj_description(c.oid, 'pg_class') is null;
$$;

create or replace function tests.lint_column_types() returns table (object text, problem text)
language sql stable as $$
  select c.name, 'is ' || pg_catalog.format_type(c.atttypid, null) || ': ' || why.reason
  from tests.app_columns c
  cross join lateral (values
    (c.typname in ('float4', 'float8'), 'floating point loses cents and minutes'),
    (c.typname = 'money', 'depends on the locale: use bigint minor units'),
    (c.typname in ('timestamp', 'timetz'), 'an instant is timestamptz'),
    (c.typtype = 'e', 'an enum''s equality is not leakproof: use text with a check'),
    (c.typname = 'json', 'jsonb compares and indexes'),
    (c.attname like '%\_amount' and c.typname <> 'int8', 'money is bigint minor units'),
    (c.attname like '%\_at' and c.typname <> 'timestamptz', '_at names an instant: timestamptz'),
    (c.attname like '%\_on' and c.typname <> 'date', '_on names a day: date'),
    (c.attname like '%\_id' and c.typname = 'int8', 'ids are uuid'),
    (c.typname in ('_uuid'), 'an array has no foreign keys: use a junction table')
  ) as why (is_so, reason)
  where why.is_so;
$$;

create or replace function tests.lint_status_columns() returns table (object text, problem text)
language sql stable as $$
  select c.name, case when c.typname <> 'text' then 'is not text' else 'has no check that lists its values' end
  from tests.app_columns c
  where (c.attname in ('status', 'state', 'kind', 'modality', 'actor') or c.attname like '%\_mode' or c.attname like '%\_strategy')
    and (c.typname <> 'text' or not exists (
      select from pg_catalog.pg_constraint k
      where k.conrelid = c.table_oid and k.contype = 'c' and k.conkey = array[c.attnum]
    ));
$$;

create or replace function tests.lint_constraint_names() returns table (object text, problem text)
language sql stable as $$
  select t.name || ' (' || k.conname || ')', 'is a constraint whose name says nothing'
  from pg_catalog.pg_constraint k join tests.app_tables t on t.oid = k.conrelid
  where k.contype in ('c', 'u', 'x') and k.conname ~ '_(check|key|excl)[0-9]*$' and k.conname !~ '_is_a_key$';
$$;

create or replace function tests.lint_triggers() returns table (object text, problem text)
language sql stable as $$
  select t.name || '.' || tg.tgname, wrong.problem
  from pg_catalog.pg_trigger tg
  join tests.app_tables t on t.oid = tg.tgrelid
  join pg_catalog.pg_proc p on p.oid = tg.tgfoid
  cross join lateral (values
    (tg.tgname !~ '^_[0-9]{3}_[a-z]+(_[a-z]+)*$', 'is not named _NNN_task'),
    (p.proname !~ '^tg_', 'runs ' || p.oid::regprocedure || ', which is not named tg_…'),
    (tg.tgenabled <> 'O', 'is disabled or replica-only')
  ) as wrong (is_so, problem)
  where not tg.tgisinternal and wrong.is_so
  union all
  select c.table_name, 'has updated_at and no trigger that stamps it'
  from tests.app_columns c
  where c.attname = 'updated_at' and not exists (
    select from pg_catalog.pg_trigger tg
    where tg.tgrelid = c.table_oid and tg.tgname = '_100_stamp' and tg.tgenabled = 'O'
  );
$$;

-- A state that no trigger guards is a state anybody's update may skip over.
create or replace function tests.lint_state_machines() returns table (object text, problem text)
language sql stable as $$
  select c.table_name, 'has a status, and moves of it in state_transitions, and no trigger _200_guard_state'
  from tests.app_columns c
  join tests.app_tables t on t.oid = c.table_oid
  where c.attname = 'status'
    and exists (select from app_private.state_transitions m where m.entity = t.relname)
    and not exists (
      select from pg_catalog.pg_trigger tg
      where tg.tgrelid = c.table_oid and tg.tgname = '_200_guard_state' and tg.tgenabled = 'O'
        and tg.tgtype & 2 = 2   -- before
        and tg.tgtype & 4 = 4   -- insert
        and tg.tgtype & 16 = 16 -- update
        and tg.tgqual is null
    )
  union all
  select c.name, 'is a status without moves in state_transitions'
  from tests.app_columns c
  join tests.app_tables t on t.oid = c.table_oid
  where c.attname = 'status' and t.nspname = 'app_public'
    and not exists (select from app_private.state_transitions m where m.entity = t.relname)
  union all
  select distinct m.entity, 'has moves in state_transitions and is no table with a status'
  from app_private.state_transitions m
  where not exists (
    select from tests.app_columns c join tests.app_tables t on t.oid = c.table_oid
    where c.attname = 'status' and t.relname = m.entity
  )
  union all
  select distinct m.entity || ' ' || m.from_state || ' > ' || m.to_state,
    case when m.quiet_because is null then 'tells nobody and does not say why' else 'tells somebody and says why not' end
  from app_private.state_transitions m
  where m.event is not null
    and (m.quiet_because is null) <> exists (
      select from app_private.event_subscriptions s where s.consumer = 'notifications' and s.event_name = m.event)
  union all
  select m.entity || ' ' || m.from_state || ' > ' || m.to_state, 'asks ' || asked.label || ' of ' || asked.column_name || ', which is none'
  from app_private.state_transitions m
  cross join lateral (values
    ('the time', m.entity, m.not_before), ('the lead', 'organizations', m.lead_minutes)) as asked (label, relname, column_name)
  where asked.column_name is not null and not exists (
    select from tests.app_columns c join tests.app_tables t on t.oid = c.table_oid
    where t.relname = asked.relname and c.attname = asked.column_name
  );
$$;
