-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/core/columns_as.sql
-- "r.name, r.version": for statements that are put together for any table.

create or replace function app_private.columns_as(alias text, names text[]) returns text
language sql immutable strict
set search_path = ''
begin atomic
  select string_agg(format('%I.%I', columns_as.alias, name), ', ' order by place)
  from unnest(columns_as.names) with ordinality as given (name, place);
end;

comment on function app_private.columns_as is 'The columns of an alias as a list for a statement.';
-- end of source: functions/core/columns_as.sql

-- source: functions/core/columns_to_write.sql
-- The columns of a table that a statement may give a value, and whether they have one without it.

create or replace function app_private.columns_to_write(table_oid regclass)
returns table (name text, has_default boolean)
language sql stable strict
set search_path = ''
begin atomic
  select attribute.attname::text, attribute.atthasdef or attribute.attidentity <> ''
  from pg_catalog.pg_attribute as attribute
  where attribute.attrelid = columns_to_write.table_oid and attribute.attnum >= 1 and not attribute.attisdropped
    and attribute.attgenerated = ''
  order by attribute.attnum;
end;

comment on function app_private.columns_to_write is
  'Columns of a table that are not computed; has_default: a row that does not give one has a value all the same.';
-- end of source: functions/core/columns_to_write.sql

-- source: functions/core/in_scope.sql
-- The condition that a row belongs to the part of a table that a file of db/reference owns.

create or replace function app_private.in_scope(alias text, table_oid regclass, scope jsonb) returns text
language sql stable strict
set search_path = ''
begin atomic
  select coalesce(
    string_agg(
      format('%I.%I is not distinct from %L::%s', in_scope.alias, attribute.attname, part.value #>> '{}',
             pg_catalog.format_type(attribute.atttypid, attribute.atttypmod)),
      ' and ' order by attribute.attnum),
    'true')
  from jsonb_each(in_scope.scope) as part
  join pg_catalog.pg_attribute as attribute
    on attribute.attrelid = in_scope.table_oid and attribute.attname = part.key;
end;

comment on function app_private.in_scope is
  'The text of the condition that a row of a table has the values of a scope.';
-- end of source: functions/core/in_scope.sql

-- source: functions/core/key_columns.sql
-- The columns of a table's primary key, by which own_rows() tells rows apart.

create or replace function app_private.key_columns(table_oid regclass) returns text[]
language sql stable strict
set search_path = ''
begin atomic
  select array_agg(attribute.attname::text order by attribute.attnum)
  from pg_catalog.pg_constraint as key
  join pg_catalog.pg_attribute as attribute on attribute.attrelid = key.conrelid and attribute.attnum = any (key.conkey)
  where key.conrelid = key_columns.table_oid and key.contype = 'p';
end;

comment on function app_private.key_columns is 'The columns of the primary key.';
-- end of source: functions/core/key_columns.sql

-- source: functions/core/rows_in.sql
-- Reads the rows that a file of db/reference holds: a table with a line of names, a line of dashes and a line for each
-- row, its cells between " | ":
--
--   from_state | to_state | actor
--   -----------+----------+--------
--              | booked   | patient
--
-- or, where values are long, records between lines of "=": "name: value", where an indented line continues the value
-- above, and "name:" alone in its line takes the rest of the record as it stands, line breaks included.
-- Everything is text here, and '' where nothing stands; own_rows() makes values of it.

create or replace function app_private.rows_in(notation text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_lines text[] := string_to_array(regexp_replace(regexp_replace(notation, '^[ ]*\n', ''), '\n[ ]*$', ''), E'\n');
  v_names text[];
  v_cells text[];
  v_name text;
  v_text boolean := false;
  v_row jsonb := '{}';
  v_rows jsonb := '[]';
  v_line text;
begin
  if v_lines[2] ~ '^\s*-[-+ ]*$' then
    foreach v_line in array v_lines[1:1] || v_lines[3:] loop
      continue when v_line ~ '^\s*$';
      select array_agg(btrim(cell)) into v_cells from regexp_split_to_table(' ' || v_line, '\s\|(?=\s|$)') as cell;
      if v_names is null then
        v_names := v_cells;
      elsif cardinality(v_cells) <> cardinality(v_names) then
        raise exception 'There are % columns and % cells: %', cardinality(v_names), cardinality(v_cells), btrim(v_line);
      else
        v_rows := v_rows || jsonb_build_array(jsonb_object(v_names, v_cells));
      end if;
    end loop;
    if cardinality(v_names) <> (select count(distinct name) from unnest(v_names) as name) then
      raise exception 'A column stands twice: %', btrim(v_lines[1]);
    end if;
    return v_rows;
  end if;

  foreach v_line in array array_append(v_lines, '===') loop
    if v_line ~ '^===+\s*$' then
      if v_row <> '{}' then
        v_rows := v_rows || jsonb_build_array(v_row);
      end if;
      v_row := '{}';
      v_name := null;
      v_text := false;
    elsif v_text then
      v_row := v_row || jsonb_build_object(v_name, coalesce((v_row ->> v_name) || E'\n', '') || v_line);
    elsif v_line ~ '^\s*$' then
      continue;
    elsif v_line ~ '^\s' and v_name is not null then
      v_row := v_row || jsonb_build_object(v_name, (v_row ->> v_name) || E'\n' || btrim(v_line));
    elsif v_line ~ '^[a-z_]+:' then
      v_name := split_part(v_line, ':', 1);
      if v_row ? v_name then
        raise exception 'A column stands twice in one record: %', v_line;
      end if;
      v_text := v_line ~ '^[a-z_]+:\s*$';
      v_row := v_row || jsonb_build_object(
        v_name, case when not v_text then btrim(substr(v_line, length(v_name) + 2)) end);
    else
      raise exception 'Neither "name: value" nor the continuation of one: %', v_line;
    end if;
  end loop;
  return v_rows;
end;
$$;

comment on function app_private.rows_in is
  'The rows of an aligned table or of records as a JSON array of objects of texts, for own_rows().';
-- end of source: functions/core/rows_in.sql

-- source: functions/core/own_rows.sql
-- Says which rows of a table the product has: called by the files of db/reference, each for the part of a table that
-- its scope names. Checks what a file says; write_owned_rows() writes it, after all files have spoken, because rows of
-- one file point at rows of another. docs/decisions/0060 says why.

create or replace function app_private.own_rows(
  table_name text,
  rows text,
  scope jsonb default '{}',
  given_once text[] default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table regclass := own_rows.table_name::regclass;
  v_key text[] := app_private.key_columns(v_table);
  v_rows jsonb := app_private.rows_in(own_rows.rows);
  v_columns text[];
  v_scope text[] := array(select jsonb_object_keys(own_rows.scope));
  v_problem text;
begin
  select coalesce(array_agg(distinct name), '{}') into v_columns
  from jsonb_array_elements(v_rows) as one (cells) cross join lateral jsonb_object_keys(one.cells) as name;

  select found.problem into v_problem
  from (
    select 1 as place, format('%s has no column %s to write', own_rows.table_name, name) as problem
    from unnest(v_columns || v_scope || own_rows.given_once) as name
    where name not in (select known.name from app_private.columns_to_write(v_table) as known)
    union all
    select 2, format('%s is the scope''s, and is given by a row', name)
    from unnest(v_columns) as name
    where name = any (v_scope)
    union all
    select 3, own_rows.table_name || ' is not classified as reference: other people''s rows are in it, give a scope'
    where v_scope = '{}' and not exists (
      select from app_private.classified_tables as t where t.table_name = own_rows.table_name and t.retention = 'reference')
    union all
    select 4, format('the key of %s is (%s)', own_rows.table_name, array_to_string(v_key, ', '))
    where v_rows <> '[]' and not v_key <@ (v_columns || v_scope)
    union all
    select 5, format('its part %s of %s is another file''s: %s', own_rows.scope, own_rows.table_name, other.scope)
    from app_private.owned_rows as other
    where other.table_name = own_rows.table_name and other.scope <> own_rows.scope
      -- Two parts share no row when they want different values in one column.
      and not exists (
        select from jsonb_each(other.scope) as theirs
        join jsonb_each(own_rows.scope) as ours on ours.key = theirs.key and ours.value <> theirs.value)
  ) as found
  order by found.place, found.problem
  limit 1;
  if v_problem is not null then
    raise exception 'own_rows: %', v_problem;
  end if;

  -- Nothing in a cell is '' in a key, which is never null, and null elsewhere.
  select coalesce(jsonb_agg(own_rows.scope || (
           select jsonb_object_agg(
                    cell.key,
                    case when cell.value = '' and not cell.key = any (v_key) then 'null'::jsonb
                         when attribute.atttypid = 'jsonb'::regtype then cell.value::jsonb
                         else to_jsonb(cell.value) end)
           from jsonb_each_text(one.cells) as cell
           join pg_catalog.pg_attribute as attribute on attribute.attrelid = v_table and attribute.attname = cell.key)
         order by one.place), '[]')
    into v_rows
  from jsonb_array_elements(v_rows) with ordinality as one (cells, place);

  -- Reads every value as its column's type, on the way.
  execute format(
    'select string_agg(twice.key, %L order by twice.key)
     from (select row(%s)::text as key from jsonb_populate_recordset(null::%s, $1) as r group by 1 having count(*) > 1) as twice',
    ', ', app_private.columns_as('r', v_key), v_table)
    into v_problem using v_rows;
  if v_problem is not null then
    raise exception 'own_rows: a row of % stands twice: %', own_rows.table_name, v_problem;
  end if;

  insert into app_private.owned_rows as known (table_name, scope, columns, given_once, pending)
  values (own_rows.table_name, own_rows.scope, v_columns, own_rows.given_once, v_rows)
  on conflict on constraint owned_rows_pkey do update
    set columns = excluded.columns, given_once = excluded.given_once, pending = excluded.pending;
end;
$$;

comment on function app_private.own_rows is
  'Declares the rows of a table, or of the part that scope names, and refuses columns, values and parts that cannot be. '
  'A column that no row gives is null, or left alone where it has a default; given_once are columns that only a new '
  'row gets. No rows at all give the part up. write_owned_rows() writes.';
-- end of source: functions/core/own_rows.sql

-- source: functions/core/pending_rows.sql
-- The parts of tables that own_rows() was told and nobody has written yet, those that others point at before those that
-- point.

create or replace function app_private.pending_rows() returns setof app_private.owned_rows
language plpgsql stable
set search_path = ''
as $$
declare
  v_tables text[] := array(select distinct owned.table_name from app_private.owned_rows as owned where owned.pending is not null);
  v_next text;
begin
  while v_tables <> '{}' loop
    select waiting.table_name into v_next
    from unnest(v_tables) as waiting (table_name)
    where not exists (
      select from pg_catalog.pg_constraint as key
      join unnest(v_tables) as other (table_name) on key.confrelid = other.table_name::regclass
      where key.conrelid = waiting.table_name::regclass and other.table_name <> waiting.table_name)
    order by waiting.table_name
    limit 1;
    if not found then
      raise exception 'own_rows: these tables point at each other in a circle: %', array_to_string(v_tables, ', ');
    end if;
    v_tables := array_remove(v_tables, v_next);
    return query
      select * from app_private.owned_rows as owned
      where owned.table_name = v_next and owned.pending is not null
      order by owned.scope;
  end loop;
end;
$$;

comment on function app_private.pending_rows is 'The parts that wait to be written, in the order in which their rows can be.';
-- end of source: functions/core/pending_rows.sql

-- source: functions/core/prune_owned_rows.sql
-- One step of write_owned_rows(): takes out the rows of a part that its file has no more. Where other rows point at
-- one, it stays; which, and who points, is the answer.

create or replace function app_private.prune_owned_rows(owned app_private.owned_rows) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table regclass := owned.table_name::regclass;
  v_key text[] := app_private.key_columns(v_table);
  v_row record;
  v_detail text;
  v_problems text[] := '{}';
begin
  for v_row in execute format(
    'select t.ctid as place, row(%2$s)::text as key from %1$s as t
     where %4$s and not exists (select from jsonb_populate_recordset(null::%1$s, $1) as r where row(%3$s) = row(%2$s))
     order by 2',
    v_table, app_private.columns_as('t', v_key), app_private.columns_as('r', v_key),
    app_private.in_scope('t', v_table, owned.scope))
    using owned.pending
  loop
    begin
      execute format('delete from %s where ctid = $1', v_table) using v_row.place;
    exception when foreign_key_violation or restrict_violation then
      get stacked diagnostics v_detail = pg_exception_detail;
      v_problems := v_problems || format('  %s %s: %s', owned.table_name, v_row.key, v_detail);
    end;
  end loop;
  return nullif(array_to_string(v_problems, E'\n'), '');
end;
$$;

comment on function app_private.prune_owned_rows is
  'Deletes the rows of one part of a table that are not pending any more. Answers with those that are in use, one a line; null: none.';
-- end of source: functions/core/prune_owned_rows.sql

-- source: functions/core/put_owned_rows.sql
-- One step of write_owned_rows(): inserts the rows that are not there, updates those that differ.

create or replace function app_private.put_owned_rows(owned app_private.owned_rows) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table regclass := owned.table_name::regclass;
  v_key text[] := app_private.key_columns(v_table);
  v_given text[];
  v_changing text[];
begin
  -- What has a default and is not given is nobody's here: a stamp, for instance. Anything else is null where not given.
  v_given := array(
    select known.name from app_private.columns_to_write(v_table) as known
    where not known.has_default or known.name = any (owned.columns) or owned.scope ? known.name);
  v_changing := array(select name from unnest(v_given) as name where name <> all (v_key || owned.given_once));

  if v_changing <> '{}' then
    execute format(
      'update %1$s as t set %2$s from jsonb_populate_recordset(null::%1$s, $1) as r
       where row(%3$s) = row(%4$s) and row(%5$s) is distinct from row(%6$s)',
      v_table, (select string_agg(format('%1$I = r.%1$I', name), ', ') from unnest(v_changing) as name),
      app_private.columns_as('t', v_key), app_private.columns_as('r', v_key),
      app_private.columns_as('t', v_changing), app_private.columns_as('r', v_changing))
      using owned.pending;
  end if;
  execute format(
    'insert into %1$s (%2$s) select %3$s from jsonb_populate_recordset(null::%1$s, $1) as r
     where not exists (select from %1$s as t where row(%4$s) = row(%5$s))',
    v_table, (select string_agg(format('%I', name), ', ') from unnest(v_given) as name), app_private.columns_as('r', v_given),
    app_private.columns_as('t', v_key), app_private.columns_as('r', v_key))
    using owned.pending;
end;
$$;

comment on function app_private.put_owned_rows is
  'Inserts and updates the pending rows of one part of a table; equal rows are not written.';
-- end of source: functions/core/put_owned_rows.sql

-- source: functions/core/tg_state_transitions__in_use.sql
-- A state is not forgotten while a row is in it: nothing could be done with that row any more. APT-01.

set role app_engine;

create or replace function app_private.tg_state_transitions__in_use() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_state text;
  v_table regclass;
  v_is_used boolean;
begin
  for v_state, v_table in
    select known.state, guard.tgrelid::regclass
    from unnest(array[old.from_state, old.to_state]) as known (state)
    join pg_catalog.pg_class as entity on entity.relname = old.entity
    join pg_catalog.pg_trigger as guard
      on guard.tgrelid = entity.oid and guard.tgfoid = 'app_private.tg_guard_state'::regproc
    where not exists (
      select from app_private.state_transitions as transition
      where transition.entity = old.entity and known.state in (transition.from_state, transition.to_state))
  loop
    execute format('select exists (select from %s where status = $1)', v_table) into v_is_used using v_state;
    if v_is_used then
      raise exception using
        errcode = 'foreign_key_violation',
        message = format('The state %s is in use.', v_state),
        detail = format('Rows of %s are %s, and no other move begins or ends there.', v_table, v_state);
    end if;
  end loop;
  return null;
end;
$$;

comment on function app_private.tg_state_transitions__in_use is
  'Refuses to take out the last move that names a state in which rows are. Trigger _200_in_use.';

reset role;

create or replace trigger _200_in_use after delete on app_private.state_transitions
  for each row execute function app_private.tg_state_transitions__in_use();
-- end of source: functions/core/tg_state_transitions__in_use.sql

-- source: functions/core/write_owned_rows.sql
-- Writes what own_rows() was told: new and changed rows first, those that others point at before those that point;
-- then, in the opposite order, takes out the rows that no file has any more. A row that is as its file says is not
-- touched, so that nothing is stamped or audited. Staged behind the files of db/reference (db/migrating/current.ts).

create or replace function app_private.write_owned_rows() returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_pending app_private.owned_rows[] := array(select part from app_private.pending_rows() as part);
  v_owned app_private.owned_rows;
  v_problems text;
begin
  foreach v_owned in array v_pending loop
    perform app_private.put_owned_rows(v_owned);
  end loop;
  for v_place in reverse cardinality(v_pending) .. 1 loop
    v_problems := concat_ws(E'\n', v_problems, app_private.prune_owned_rows(v_pending[v_place]));
  end loop;
  if v_problems <> '' then
    raise exception using
      errcode = 'foreign_key_violation',
      message = E'Rows that no file of db/reference has any more are in use:\n' || v_problems,
      hint = 'Keep them, or first change what points at them: in a file of db/migrations/current.';
  end if;

  delete from app_private.owned_rows where owned_rows.pending = '[]';
  update app_private.owned_rows set pending = null where owned_rows.pending is not null;
end;
$$;

comment on function app_private.write_owned_rows is
  'Makes the tables hold the rows that own_rows() was told since the last time; refuses, naming them, to take out rows '
  'that others point at.';
-- end of source: functions/core/write_owned_rows.sql

-- source: reference/classification/data_classes.sql
-- What a column may hold, by what it would tell whom. FND-12.
-- is_masked: the audit shows that it changed, not the value. is_encrypted: stored as a digest or ciphertext only.

select app_private.own_rows('app_private.data_classes', rows => '
  name          | is_personal | is_masked | is_encrypted | description
  --------------+-------------+-----------+--------------+-------------------------------------------------------------
  operational   | false       | false     | false        | How the clinic and the platform run; says nothing about a person.
  public        | false       | false     | false        | Anybody may know it: names of services, codes, zones.
  phi           | true        | false     | false        | About somebody''s health or treatment, an appointment included.
  pii_basic     | true        | false     | false        | Tells who somebody is or how to reach them: names, addresses, telephone numbers.
  auth_secret   | false       | true      | true         | Opens a door: keys, tokens and their digests.
  pii_regulated | true        | true      | true         | Identifiers that the law protects by themselves: personal and tax numbers.
');
-- end of source: reference/classification/data_classes.sql

-- source: reference/classification/retentions.sql
-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12.
-- confirmed_by: who confirmed it as counsel.

select app_private.own_rows('app_private.retentions', rows => '
  key            | keep_for | confirmed_by | citation                                                    | description
  ---------------+----------+--------------+-------------------------------------------------------------+-------------------------------------------------------------
  account        |          |              | GDPR art. 5(1)(e)                                           | As long as the account exists.
  clinic         | 3 years  |              | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  ledger         | 10 years |              | GDPR art. 5(2)                                              | What proves what was done: events, effects, audit.
  medical_record | 10 years |              | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations     | 90 days  |              |                                                             | Work in progress and its traces.
  reference      |          |              |                                                             | Kept by migrations; names no person.
');
-- end of source: reference/classification/retentions.sql

select app_private.write_owned_rows();

-- source: policies/core/owned_rows.sql
-- Which rows the files of db/reference own: migrations write it, nobody else reads it. FND-05.

select app_private.classify('app_private.owned_rows', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "scope", "columns", "given_once", "pending"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.owned_rows');
-- end of source: policies/core/owned_rows.sql

-- source: reference/appointments/appointment_events.sql
-- What is published about appointments. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "appointment"}', rows => '
name: appointment.booked
version: 1
description: An appointment was made.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.cancelled
version: 1
description: The appointment will not take place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.confirmed
version: 1
description: The patient said they will come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.done
version: 1
description: The appointment took place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.noshow
version: 1
description: The patient did not come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.patient_changed
version: 1
description: An appointment moved to the chart of the right patient.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "fromPatientProfileId"],
 "properties": {
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "fromPatientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.started
version: 1
description: The patient is with the specialist.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.upcoming
version: 1
description: An appointment is near.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/appointments/appointment_events.sql

-- source: reference/appointments/appointment_transitions.sql
-- Who may move an appointment from where to where, from when on, what is published, and why nobody is told of it.
-- lead_minutes: the setting of the clinic that says how much earlier than not_before it may be. APT-01.
-- An empty from_state is creation. docs/state-machines/appointments.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "appointments"}', rows => '
  from_state | to_state   | actor   | permission           | not_before | lead_minutes       | event                 | quiet_because
  -----------+------------+---------+----------------------+------------+--------------------+-----------------------+-------------------------------------------------------------
             | booked     | patient |                      |            |                    | appointment.booked    |
             | booked     | staff   | appointments.manage  |            |                    | appointment.booked    |
  booked     | upcoming   | system  |                      |            |                    | appointment.upcoming  | Only time has passed: neither hour nor place has changed.
  booked     | confirmed  | patient |                      |            |                    | appointment.confirmed | The invitation that the patient has stays as it is.
  booked     | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed | The invitation that the patient has stays as it is.
  booked     | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started   | Patient and specialist are together.
  booked     | cancelled  | patient |                      |            |                    | appointment.cancelled |
  booked     | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled |
  booked     | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow    | What to say to somebody who did not come is for a person to decide.
  upcoming   | confirmed  | patient |                      |            |                    | appointment.confirmed | The invitation that the patient has stays as it is.
  upcoming   | confirmed  | staff   | appointments.manage  |            |                    | appointment.confirmed | The invitation that the patient has stays as it is.
  upcoming   | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started   | Patient and specialist are together.
  upcoming   | cancelled  | patient |                      |            |                    | appointment.cancelled |
  upcoming   | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled |
  upcoming   | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow    | What to say to somebody who did not come is for a person to decide.
  confirmed  | inprogress | staff   | appointments.conduct | starts_at  | start_lead_minutes | appointment.started   | Patient and specialist are together.
  confirmed  | cancelled  | patient |                      |            |                    | appointment.cancelled |
  confirmed  | cancelled  | staff   | appointments.manage  |            |                    | appointment.cancelled |
  confirmed  | noshow     | staff   | appointments.conduct | starts_at  |                    | appointment.noshow    | What to say to somebody who did not come is for a person to decide.
  inprogress | done       | staff   | appointments.conduct | starts_at  |                    | appointment.done      | Patient and specialist were together.
');
-- end of source: reference/appointments/appointment_transitions.sql

-- source: reference/appointments/booking_request_events.sql
-- What is published about booking requests. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "booking_request"}', rows => '
name: booking_request.confirmed
version: 1
description: The clinic said yes: the request became an appointment.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.expired
version: 1
description: The clinic did not answer in time; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.received
version: 1
description: A guest asked for a time; the clinic has to answer.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.rejected
version: 1
description: The clinic said no; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.withdrawn
version: 1
description: The guest took the request back; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/appointments/booking_request_events.sql

-- source: reference/appointments/booking_request_transitions.sql
-- Who may answer, withdraw or let expire a booking request, and what is published. APT-09.
-- An empty from_state is creation. docs/state-machines/booking_requests.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "booking_requests"}', rows => '
  from_state | to_state  | actor  | permission          | not_before | event
  -----------+-----------+--------+---------------------+------------+--------------------------
             | requested | guest  |                     |            | booking_request.received
  requested  | confirmed | staff  | appointments.manage |            | booking_request.confirmed
  requested  | rejected  | staff  | appointments.manage |            | booking_request.rejected
  requested  | withdrawn | guest  |                     |            | booking_request.withdrawn
  requested  | expired   | system |                     | respond_by | booking_request.expired
');
-- end of source: reference/appointments/booking_request_transitions.sql

-- source: reference/core/error_codes.sql
-- The codes of refusals: part of the API's contract (docs/error-codes.md). FND-29.

select app_private.own_rows('app_hidden.error_codes', rows => '
  code                  | sqlstate | http_status | meaning
  ----------------------+----------+-------------+-------------------------------------------------------------
  VALIDATION            | RX400    | 400         | The input breaks a rule; details.field or details.rule names which.
  UNAUTHENTICATED       | RX401    | 401         | The caller must sign in, or sign in again.
  FORBIDDEN             | RX403    | 403         | The caller is known but may not do this.
  NOT_FOUND             | RX404    | 404         | There is no such thing, or it is not the caller''s to see.
  ENTITLEMENT_EXHAUSTED | RX402    | 409         | The plan does not include this, or includes no more of it.
  CONFLICT              | RX409    | 409         | Something else already stands in the way.
  STATE                 | RX412    | 409         | The move is not legal from the present state; details.legal lists the legal ones.
  IMMUTABLE             | RX423    | 409         | What is written there is never changed.
  CAPABILITY_NOT_BUILT  | RX424    | 409         | The capability is declared and nothing implements it yet; details.capability names it.
  CONSENT_REQUIRED      | RX451    | 409         | A consent is missing; details names purpose and version.
  FORM_REQUIRED         | RX452    | 409         | A form must be signed first; details names it.
  SLOT_TAKEN            | RXSLT    | 409         | Somebody else has that time.
  GONE                  | RX410    | 410         | It existed and is over: used, expired or revoked.
  IDEMPOTENCY_MISMATCH  | RX422    | 422         | The idempotency key was used before with other content.
  RATE_LIMITED          | RX429    | 429         | Too many; details.retryAfterSeconds says when to try again.
');
-- end of source: reference/core/error_codes.sql

-- source: reference/facts/phone_regions.sql
-- The numbering plans of the world, by which telephone numbers are read and told apart. Written by
-- npm run phone-numbers from libphonenumber's metadata; do not edit. FND-07.

select app_private.own_rows('app_hidden.phone_regions', rows => '
  region | calling_code | place | idd_prefix                                             | national_prefix                                              | national_prefix_becomes | national_number                                              | leading_digits       | assigned_numbers                                             | possible_lengths
  -------+--------------+-------+--------------------------------------------------------+--------------------------------------------------------------+-------------------------+--------------------------------------------------------------+----------------------+--------------------------------------------------------------+--------------------------------
  US     | 1            | 1     | 011                                                    | 1                                                            |                         | [2-9]\d{9}|3\d{6}                                            |                      | (?=(?:\d{10})$)(?:983[2-57-9]\d{6}|(?:2(?:0[1-35-9]|1[02-9]|2[03-57-9]|3[1459]|4[08]|5[1-46]|6[0279]|7[02469]|8[13])|3(?:0[1-57-9]|1[02-9]|2[013-79]|3[0-24679]|4[167]|5[0-3]|6[01349]|8[056])|4(?:0[124-9]|1[02-579]|2[3-5]|3[0245]|4[023578]|58|6[349]|7[02589]|8[04])|5(?:0[1-57-9]|1[0235-8]|20|3[0149]|4[01]|5[179]|6[1-47]|7[0-5]|8[0256])|6(?:0[1-35-9]|1[024-9]|2[03689]|3[016]|4[0156]|5[01679]|6[0-279]|78|8[0-269])|7(?:0[1-46-8]|1[2-9]|2[04-8]|3[0-2478]|4[0378]|5[47]|6[02359]|7[0-59]|8[156])|8(?:0[1-68]|1[02-8]|2[0168]|3[0-2589]|4[03578]|5[046-9]|6[02-5]|7[028])|9(?:0[1346-9]|1[02-9]|2[0589]|3[0146-8]|4[01357-9]|5[12469]|7[0-3589]|8[04-69]))[2-9]\d{6})|(?=(?:\d{10})$)(?:8(?:00|33|44|55|66|77|88)[2-9]\d{6})|(?=(?:\d{10})$)(?:900[2-9]\d{6})|(?=(?:\d{10})$)(?:52(?:3(?:[2-46-9][02-9]\d|5(?:[02-46-9]\d|5[0-46-9]))|4(?:[2-478][02-9]\d|5(?:[034]\d|2[024-9]|5[0-46-9])|6(?:0[1-9]|[2-9]\d)|9(?:[05-9]\d|2[0-5]|49)))\d{4}|52[34][2-9]1[02-9]\d{4}|5(?:00|2[125-9]|3[23]|44|66|77|88)[2-9]\d{6}) | {10}
  AG     | 1            | 2     | 011                                                    | ([457]\d{6})$|1                                              | 268\1                   | (?:268|[58]\d\d|900)\d{7}                                    | 268                  |                                                              | {10}
  AI     | 1            | 3     | 011                                                    | ([2457]\d{6})$|1                                             | 264\1                   | (?:264|[58]\d\d|900)\d{7}                                    | 264                  |                                                              | {10}
  AS     | 1            | 4     | 011                                                    | ([267]\d{6})$|1                                              | 684\1                   | (?:[58]\d\d|684|900)\d{7}                                    | 684                  |                                                              | {10}
  BB     | 1            | 5     | 011                                                    | ([2-9]\d{6})$|1                                              | 246\1                   | (?:246|[58]\d\d|900)\d{7}                                    | 246                  |                                                              | {10}
  BM     | 1            | 6     | 011                                                    | ([2-9]\d{6})$|1                                              | 441\1                   | (?:441|[58]\d\d|900)\d{7}                                    | 441                  |                                                              | {10}
  BS     | 1            | 7     | 011                                                    | ([3-8]\d{6})$|1                                              | 242\1                   | (?:242|[58]\d\d|900)\d{7}                                    | 242                  |                                                              | {10}
  CA     | 1            | 8     | 011                                                    | 1                                                            |                         | [2-9]\d{9}|3\d{6}                                            |                      | (?=(?:\d{10})$)(?:(?:2(?:04|[23]6|[48]9|5[07]|[67]3)|3(?:06|43|54|6[578]|82)|4(?:03|1[68]|[26]8|3[178]|50|74)|5(?:06|1[49]|48|79|8[147])|6(?:04|[18]3|39|47|72)|7(?:0[59]|42|53|78|8[02])|8(?:[06]7|19|25|7[39])|9(?:0[25]|42))[2-9]\d{6})|(?=(?:\d{10})$)(?:8(?:00|33|44|55|66|77|88)[2-9]\d{6})|(?=(?:\d{10})$)(?:900[2-9]\d{6})|(?=(?:\d{10})$)(?:52(?:3(?:[2-46-9][02-9]\d|5(?:[02-46-9]\d|5[0-46-9]))|4(?:[2-478][02-9]\d|5(?:[034]\d|2[024-9]|5[0-46-9])|6(?:0[1-9]|[2-9]\d)|9(?:[05-9]\d|2[0-5]|49)))\d{4}|52[34][2-9]1[02-9]\d{4}|(?:5(?:2[125-9]|3[23]|44|66|77|88)|6(?:22|33))[2-9]\d{6})|(?=(?:\d{7})$)(?:310\d{4})|(?=(?:\d{10})$)(?:600[2-9]\d{6}) | {7,10}
  DM     | 1            | 9     | 011                                                    | ([2-7]\d{6})$|1                                              | 767\1                   | (?:[58]\d\d|767|900)\d{7}                                    | 767                  |                                                              | {10}
  DO     | 1            | 10    | 011                                                    | 1                                                            |                         | (?:[58]\d\d|900)\d{7}                                        | 8001|8[024]9         |                                                              | {10}
  GD     | 1            | 11    | 011                                                    | ([2-9]\d{6})$|1                                              | 473\1                   | (?:473|[58]\d\d|900)\d{7}                                    | 473                  |                                                              | {10}
  GU     | 1            | 12    | 011                                                    | ([2-9]\d{6})$|1                                              | 671\1                   | (?:[58]\d\d|671|900)\d{7}                                    | 671                  |                                                              | {10}
  JM     | 1            | 13    | 011                                                    | 1                                                            |                         | (?:[58]\d\d|658|900)\d{7}                                    | 658|876              |                                                              | {10}
  KN     | 1            | 14    | 011                                                    | ([2-7]\d{6})$|1                                              | 869\1                   | (?:[58]\d\d|900)\d{7}                                        | 869                  |                                                              | {10}
  KY     | 1            | 15    | 011                                                    | ([2-9]\d{6})$|1                                              | 345\1                   | (?:345|[58]\d\d|900)\d{7}                                    | 345                  |                                                              | {10}
  LC     | 1            | 16    | 011                                                    | ([2-8]\d{6})$|1                                              | 758\1                   | (?:[58]\d\d|758|900)\d{7}                                    | 758                  |                                                              | {10}
  MP     | 1            | 17    | 011                                                    | ([2-9]\d{6})$|1                                              | 670\1                   | [58]\d{9}|(?:67|90)0\d{7}                                    | 670                  |                                                              | {10}
  MS     | 1            | 18    | 011                                                    | ([34]\d{6})$|1                                               | 664\1                   | (?:[58]\d\d|664|900)\d{7}                                    | 664                  |                                                              | {10}
  PR     | 1            | 19    | 011                                                    | 1                                                            |                         | (?:[589]\d\d|787)\d{7}                                       | 787|939              |                                                              | {10}
  SX     | 1            | 20    | 011                                                    | (5\d{6})$|1                                                  | 721\1                   | 7215\d{6}|(?:[58]\d\d|900)\d{7}                              | 721                  |                                                              | {10}
  TC     | 1            | 21    | 011                                                    | ([2-479]\d{6})$|1                                            | 649\1                   | (?:[58]\d\d|649|900)\d{7}                                    | 649                  |                                                              | {10}
  TT     | 1            | 22    | 011                                                    | ([2-46-8]\d{6})$|1                                           | 868\1                   | (?:[58]\d\d|900)\d{7}                                        | 868                  |                                                              | {10}
  VC     | 1            | 23    | 011                                                    | ([2-7]\d{6})$|1                                              | 784\1                   | (?:[58]\d\d|784|900)\d{7}                                    | 784                  |                                                              | {10}
  VG     | 1            | 24    | 011                                                    | ([2-578]\d{6})$|1                                            | 284\1                   | (?:284|[58]\d\d|900)\d{7}                                    | 284                  |                                                              | {10}
  VI     | 1            | 25    | 011                                                    | ([2-9]\d{6})$|1                                              | 340\1                   | [58]\d{9}|(?:34|90)0\d{7}                                    | 340                  |                                                              | {10}
  RU     | 7            | 1     | 810                                                    | 8                                                            |                         | 8\d{13}|[347-9]\d{9}                                         | [3489]               |                                                              | {10,14}
  KZ     | 7            | 2     | 810                                                    | 8                                                            |                         | 8\d{13}|[78]\d{9}                                            | 7                    |                                                              | {10,14}
  EG     | 20           | 1     | 00                                                     | 0                                                            |                         | [189]\d{8,9}|[24-6]\d{8}|[135]\d{7}                          |                      |                                                              | {8,9,10}
  ZA     | 27           | 1     | 00                                                     | 0                                                            |                         | [1-79]\d{8}|8\d{4,9}                                         |                      |                                                              | {5,6,7,8,9,10}
  GR     | 30           | 1     | 00                                                     |                                                              |                         | 5005000\d{3}|8\d{9,11}|(?:[269]\d|70)\d{8}                   |                      |                                                              | {10,11,12}
  NL     | 31           | 1     | 00                                                     | 0                                                            |                         | (?:[124-7]\d\d|3(?:[02-9]\d|1[0-8]))\d{6}|8\d{6,9}|9\d{6,10}|1\d{4,5} |                      |                                                              | {5,6,7,8,9,10,11}
  BE     | 32           | 1     | 00                                                     | 0                                                            |                         | 4\d{8}|[1-9]\d{7}                                            |                      |                                                              | {8,9}
  FR     | 33           | 1     | 00                                                     | 0                                                            |                         | [1-9]\d{8}                                                   |                      |                                                              | {9}
  ES     | 34           | 1     | 00                                                     |                                                              |                         | 400\d{6}|(?:51|[6-9]\d)\d{7}                                 |                      |                                                              | {9}
  HU     | 36           | 1     | 00                                                     | 06                                                           |                         | [235-7]\d{8}|[1-9]\d{7}                                      |                      |                                                              | {8,9}
  IT     | 39           | 1     | 00                                                     |                                                              |                         | 0\d{5,11}|1\d{8,10}|3(?:[0-8]\d{7,10}|9\d{7,8})|(?:43|55|70)\d{8}|8\d{5}(?:\d{2,4})? |                      | (?=(?:\d{6}|\d{7}|\d{8}|\d{9}|\d{10}|\d{11}|\d{12})$)(?:0(?:669[0-79]\d{1,6}|831\d{2,8})|0(?:1(?:[0159]\d|[27][1-5]|31|4[1-4]|6[1356]|8[2-57])|2\d\d|3(?:[0159]\d|2[1-4]|3[12]|[48][1-6]|6[2-59]|7[1-7])|4(?:[0159]\d|[23][1-9]|4[245]|6[1-5]|7[1-4]|81)|5(?:[0159]\d|2[1-5]|3[2-6]|4[1-79]|6[4-6]|7[1-578]|8[3-8])|6(?:[0-57-9]\d|6[0-8])|7(?:[0159]\d|2[12]|3[1-7]|4[2-46]|6[13569]|7[13-6]|8[1-59])|8(?:[0159]\d|2[3-578]|3[2356]|[6-8][1-5])|9(?:[0159]\d|[238][1-5]|4[12]|6[1-8]|7[1-6]))\d{2,7})|(?=(?:\d{9}|\d{10})$)(?:3[2-9]\d{7,8}|(?:31|43)\d{8})|(?=(?:\d{6}|\d{9})$)(?:80(?:0\d{3}|3)\d{3})|(?=(?:\d{6}|\d{8}|\d{9}|\d{10})$)(?:(?:0878\d{3}|89(?:2\d|3[04]|4(?:[0-4]|[5-9]\d\d)|5[0-4]))\d\d|(?:1(?:44|6[346])|89(?:38|5[5-9]|9))\d{6})|(?=(?:\d{9}|\d{10})$)(?:1(?:78\d|99)\d{6})|(?=(?:\d{11}|\d{12})$)(?:3[2-8]\d{9,10})|(?=(?:\d{10})$)(?:55\d{8})|(?=(?:\d{6}|\d{9})$)(?:84(?:[08]\d{3}|[17])\d{3}) | {6,7,8,9,10,11,12}
  VA     | 39           | 2     | 00                                                     |                                                              |                         | 0\d{5,10}|3[0-8]\d{7,10}|55\d{8}|8\d{5}(?:\d{2,4})?|(?:1\d|39)\d{7,8} | 06698                |                                                              | {6,7,8,9,10,11,12}
  RO     | 40           | 1     | 00                                                     | 0                                                            |                         | (?:[2378]\d|90)\d{7}|[23]\d{5}                               |                      |                                                              | {6,9}
  CH     | 41           | 1     | 00                                                     | 0                                                            |                         | 8\d{11}|[2-9]\d{8}                                           |                      |                                                              | {9,12}
  AT     | 43           | 1     | 00                                                     | 0                                                            |                         | 1\d{3,12}|2\d{6,12}|43(?:(?:0\d|5[02-9])\d{3,9}|2\d{4,5}|[3467]\d{4}|8\d{4,6}|9\d{4,7})|5\d{4,12}|8\d{7,12}|9\d{8,12}|(?:[367]\d|4[0-24-9])\d{4,11} |                      |                                                              | {4,5,6,7,8,9,10,11,12,13}
  GB     | 44           | 1     | 00                                                     | 0|180020                                                     |                         | [1-357-9]\d{9}|[18]\d{8}|8\d{6}                              |                      | (?=(?:\d{9}|\d{10})$)(?:(?:1(?:1(?:3(?:[0-58]\d\d|73[0-5])|4(?:(?:[0-5]\d|70)\d|69[7-9])|(?:(?:5[0-26-9]|[78][0-49])\d|6(?:[0-4]\d|5[01]))\d)|(?:2(?:(?:0[024-9]|2[3-9]|3[3-79]|4[1-689]|[58][02-9]|6[0-47-9]|7[013-9]|9\d)\d|1(?:[0-7]\d|8[0-3]))|(?:3(?:0\d|1[0-8]|[25][02-9]|3[02-579]|[468][0-46-9]|7[1-35-79]|9[2-578])|4(?:0[03-9]|[137]\d|[28][02-57-9]|4[02-69]|5[0-8]|[69][0-79])|5(?:0[1-35-9]|[16]\d|2[024-9]|3[015689]|4[02-9]|5[03-9]|7[0-35-9]|8[0-468]|9[0-57-9])|6(?:0[034689]|1\d|2[0-35689]|[38][013-9]|4[1-467]|5[0-69]|6[13-9]|7[0-8]|9[0-24578])|7(?:0[0246-9]|2\d|3[0236-8]|4[03-9]|5[0-46-9]|6[013-9]|7[0-35-9]|8[024-9]|9[02-9])|8(?:0[35-9]|2[1-57-9]|3[02-578]|4[0-578]|5[124-9]|6[2-69]|7\d|8[02-9]|9[02569])|9(?:0[02-589]|[18]\d|2[02-689]|3[1-57-9]|4[2-9]|5[0-579]|6[2-47-9]|7[0-24578]|9[2-57]))\d)\d)|2(?:0[013478]|3[0189]|4[017]|8[0-46-9]|9[0-2])\d{3})\d{4}|1(?:2(?:0(?:46[1-4]|87[2-9])|545[1-79]|76(?:2\d|3[1-8]|6[1-6])|9(?:7(?:2[0-4]|3[2-5])|8(?:2[2-8]|7[0-47-9]|8[3-5])))|3(?:6(?:38[2-5]|47[23])|8(?:47[04-9]|64[0157-9]))|4(?:044[1-7]|20(?:2[23]|8\d)|6(?:0(?:30|5[2-57]|6[1-8]|7[2-8])|140)|8(?:052|87[1-3]))|5(?:2(?:4(?:3[2-79]|6\d)|76\d)|6(?:26[06-9]|686))|6(?:06(?:4\d|7[4-79])|295[5-7]|35[34]\d|47(?:24|61)|59(?:5[08]|6[67]|74)|9(?:55[0-4]|77[23]))|7(?:26(?:6[13-9]|7[0-7])|(?:442|688)\d|50(?:2[0-3]|[3-68]2|76))|8(?:27[56]\d|37(?:5[2-5]|8[239])|843[2-58])|9(?:0(?:0(?:6[1-8]|85)|52\d)|3583|4(?:66[1-8]|9(?:2[01]|81))|63(?:23|3[1-4])|9561))\d{3})|(?=(?:\d{10})$)(?:7(?:457[0-57-9]|700[01]|911[028])\d{5}|7(?:[1-3]\d\d|4(?:[0-46-9]\d|5[0-689])|5(?:0[0-8]|[13-9]\d|2[0-35-9])|7(?:0[1-9]|[1-7]\d|8[02-9]|9[0-689])|8(?:[014-9]\d|[23][0-8])|9(?:[024-9]\d|1[02-9]|3[0-689]))\d{6})|(?=(?:\d{7}|\d{9}|\d{10})$)(?:80[08]\d{7}|800\d{6}|8001111)|(?=(?:\d{7}|\d{10})$)(?:(?:8(?:4[2-5]|7[0-3])|9(?:[01]\d|8[2-49]))\d{7}|845464\d)|(?=(?:\d{10})$)(?:70\d{8})|(?=(?:\d{10})$)(?:(?:3[0347]|55)\d{8})|(?=(?:\d{10})$)(?:76(?:464|652)\d{5}|76(?:0[0-28]|2[356]|34|4[01347]|5[49]|6[0-369]|77|8[14]|9[139])\d{6})|(?=(?:\d{10})$)(?:56\d{8}) | {7,9,10}
  GG     | 44           | 2     | 00                                                     | ([25-9]\d{5})$|0|180020                                      | 1481\1                  | (?:1481|[357-9]\d{3})\d{6}|8\d{6}(?:\d{2})?                  |                      | (?=(?:\d{10})$)(?:1481[25-9]\d{5})|(?=(?:\d{10})$)(?:7(?:(?:781|839)\d|911[17])\d{5})|(?=(?:\d{7}|\d{9}|\d{10})$)(?:80[08]\d{7}|800\d{6}|8001111)|(?=(?:\d{7}|\d{10})$)(?:(?:8(?:4[2-5]|7[0-3])|9(?:[01]\d|8[0-3]))\d{7}|845464\d)|(?=(?:\d{10})$)(?:70\d{8})|(?=(?:\d{10})$)(?:(?:3[0347]|55)\d{8})|(?=(?:\d{10})$)(?:76(?:464|652)\d{5}|76(?:0[0-28]|2[356]|34|4[01347]|5[49]|6[0-369]|77|8[14]|9[139])\d{6})|(?=(?:\d{10})$)(?:56\d{8}) | {7,9,10}
  IM     | 44           | 3     | 00                                                     | ([25-8]\d{5})$|0|180020                                      | 1624\1                  | 1624\d{6}|(?:[3578]\d|90)\d{8}                               | 74576|(?:16|7[56])24 |                                                              | {10}
  JE     | 44           | 4     | 00                                                     | ([0-24-8]\d{5})$|0|180020                                    | 1534\1                  | 1534\d{6}|(?:[3578]\d|90)\d{8}                               |                      | (?=(?:\d{10})$)(?:1534[0-24-8]\d{5})|(?=(?:\d{10})$)(?:7(?:(?:(?:50|82)9|937)\d|7(?:00[378]|97\d))\d{5})|(?=(?:\d{10})$)(?:80(?:07(?:35|81)|8901)\d{4})|(?=(?:\d{10})$)(?:(?:8(?:4(?:4(?:4(?:05|42|69)|703)|5(?:041|800))|7(?:0002|1206))|90(?:066[59]|1810|71(?:07|55)))\d{4})|(?=(?:\d{10})$)(?:701511\d{4})|(?=(?:\d{10})$)(?:(?:3(?:0(?:07(?:35|81)|8901)|3\d{4}|4(?:4(?:4(?:05|42|69)|703)|5(?:041|800))|7(?:0002|1206))|55\d{4})\d{4})|(?=(?:\d{10})$)(?:76(?:464|652)\d{5}|76(?:0[0-28]|2[356]|34|4[01347]|5[49]|6[0-369]|77|8[14]|9[139])\d{6})|(?=(?:\d{10})$)(?:56\d{8}) | {10}
  DK     | 45           | 1     | 00                                                     |                                                              |                         | [2-9]\d{7}                                                   |                      |                                                              | {8}
  SE     | 46           | 1     | 00                                                     | 0                                                            |                         | (?:[26]\d\d|9)\d{9}|[1-9]\d{8}|[1-689]\d{7}|[1-4689]\d{6}|2\d{5} |                      |                                                              | {6,7,8,9,10,12}
  NO     | 47           | 1     | 00                                                     |                                                              |                         | (?:0|[2-9]\d{3})\d{4}                                        | [02-689]|7[0-8]      |                                                              | {5,8}
  SJ     | 47           | 2     | 00                                                     |                                                              |                         | 0\d{4}|(?:[489]\d|79)\d{6}                                   | 79                   |                                                              | {5,8}
  PL     | 48           | 1     | 00                                                     |                                                              |                         | (?:6|8\d\d)\d{7}|[1-9]\d{6}(?:\d{2})?|[26]\d{5}              |                      |                                                              | {6,7,8,9,10}
  DE     | 49           | 1     | 00                                                     | 0                                                            |                         | [2579]\d{5,14}|49(?:[34]0|69|8\d)\d\d?|49(?:37|49|60|7[089]|9\d)\d{1,3}|49(?:2[024-9]|3[2-689]|7[1-7])\d{1,8}|(?:1|[368]\d|4[0-8])\d{3,13}|49(?:[015]\d|2[13]|31|[46][1-8])\d{1,9} |                      |                                                              | {4,5,6,7,8,9,10,11,12,13,14,15}
  PE     | 51           | 1     | 00|19(?:1[124]|77|90)00                                | 0                                                            |                         | (?:[14-8]|9\d)\d{7}                                          |                      |                                                              | {8,9}
  MX     | 52           | 1     | 0[09]                                                  |                                                              |                         | [2-9]\d{9}                                                   |                      |                                                              | {10}
  CU     | 53           | 1     | 119                                                    | 0                                                            |                         | (?:[2-7]|8\d\d)\d{7}|[2-47]\d{6}|[34]\d{5}                   |                      |                                                              | {6,7,8,10}
  AR     | 54           | 1     | 00                                                     | 0?(?:(11|2(?:2(?:02?|[13]|2[13-79]|4[1-6]|5[2457]|6[124-8]|7[1-4]|8[13-6]|9[1267])|3(?:02?|1[467]|2[03-6]|3[13-8]|[49][2-6]|5[2-8]|[67])|4(?:7[3-578]|9)|6(?:[0136]|2[24-6]|4[6-8]?|5[15-8])|80|9(?:0[1-3]|[19]|2\d|3[1-6]|4[02568]?|5[2-4]|6[2-46]|72?|8[23]?))|3(?:3(?:2[79]|6|8[2578])|4(?:0[0-24-9]|[12]|3[5-8]?|4[24-7]|5[4-68]?|6[02-9]|7[126]|8[2379]?|9[1-36-8])|5(?:1|2[1245]|3[237]?|4[1-46-9]|6[2-4]|7[1-6]|8[2-5]?)|6[24]|7(?:[069]|1[1568]|2[15]|3[145]|4[13]|5[14-8]|7[2-57]|8[126])|8(?:[01]|2[15-7]|3[2578]?|4[13-6]|5[4-8]?|6[1-357-9]|7[36-8]?|8[5-8]?|9[124])))15)? | 9\1                     | (?:11|[89]\d\d)\d{8}|[2368]\d{9}                             |                      |                                                              | {10,11}
  BR     | 55           | 1     | 00(?:1[245]|2[1-35]|31|4[13]|[56]5|99)                 | (?:0|90)(?:(1[245]|2[1-35]|31|4[13]|[56]5|99)(\d{10,11}))?   | \2                      | [1-467]\d{9,10}|55[0-46-9]\d{8}|[34]\d{7}|55\d{7,8}|(?:5[0-46-9]|[89]\d)\d{7,9} |                      |                                                              | {8,9,10,11}
  CL     | 56           | 1     | (?:0|1(?:1[0-69]|2[02-5]|5[13-58]|69|7[0167]|8[018]))0 |                                                              |                         | 12300\d{6}|6\d{9,10}|[2-9]\d{8}                              |                      |                                                              | {9,10,11}
  CO     | 57           | 1     | 00(?:4(?:[14]4|56)|[579])                              | 0([3579]|4(?:[14]4|56))?                                     |                         | (?:46|60\d\d)\d{6}|(?:1\d|[39])\d{9}                         |                      |                                                              | {8,10,11}
  VE     | 58           | 1     | 00                                                     | 0                                                            |                         | [68]00\d{7}|(?:[24]\d|[59]0)\d{8}                            |                      |                                                              | {10}
  MY     | 60           | 1     | 00                                                     | 0                                                            |                         | 1\d{8,9}|(?:3\d|[4-9])\d{7}                                  |                      |                                                              | {8,9,10}
  AU     | 61           | 1     | 001[14-689]|14(?:1[14]|34|4[17]|[56]6|7[47]|88)0011    | (183[12])|0                                                  |                         | 1(?:[0-79]\d{7}(?:\d(?:\d{2})?)?|8[0-24-9]\d{7})|[2-478]\d{8}|1\d{4,7} |                      | (?=(?:\d{9})$)(?:(?:(?:241|349)0\d\d|8(?:51(?:0(?:0[03-9]|[12479]\d|3[2-9]|5[0-8]|6[1-9]|8[0-7])|1(?:[0235689]\d|1[0-69]|4[0-589]|7[0-47-9])|2(?:0[0-79]|[18][13579]|2[14-9]|3[0-46-9]|[4-6]\d|7[89]|9[0-4])|[34]\d\d)|91(?:(?:[0-58]\d|6[0135-9])\d|7(?:0[0-24-9]|[1-9]\d)|9(?:[0-46-9]\d|5[0-79]))))\d{3}|(?:2(?:[0-26-9]\d|3[0-8]|4[02-9]|5[0135-9])|3(?:[0-3589]\d|4[0-578]|6[1-9]|7[0-35-9])|7(?:[013-57-9]\d|2[0-8])|8(?:55|6[0-8]|[78]\d|9[02-9]))\d{6})|(?=(?:\d{9})$)(?:4(?:79[01]|83[0-36-9]|9(?:5[0-3]|6[0-4]))\d{5}|4(?:[0-36]\d|4[047-9]|[58][0-24-9]|7[02-8]|9[0-47-9])\d{6})|(?=(?:\d{7}|\d{10})$)(?:180(?:0\d{3}|2)\d{3})|(?=(?:\d{10})$)(?:190[0-26]\d{6})|(?=(?:\d{5}|\d{6}|\d{7}|\d{8}|\d{9})$)(?:163\d{2,6})|(?=(?:\d{9})$)(?:14(?:5(?:1[0458]|[23][458])|71\d)\d{4})|(?=(?:\d{6}|\d{8}|\d{10}|\d{12})$)(?:13(?:00\d{6}(?:\d{2})?|45[0-4]\d{3})|13\d{4}) | {5,6,7,8,9,10,12}
  CC     | 61           | 2     | 001[14-689]|14(?:1[14]|34|4[17]|[56]6|7[47]|88)0011    | ([59]\d{7})$|0                                               | 8\1                     | 1(?:[0-79]\d{8}(?:\d{2})?|8[0-24-9]\d{7})|[148]\d{8}|1\d{5,7} |                      | (?=(?:\d{9})$)(?:8(?:51(?:0(?:02|31|60|89)|1(?:18|76)|223)|91(?:0(?:1[0-2]|29)|1(?:[28]2|50|79)|2(?:10|64)|3(?:[06]8|22)|4[29]8|62\d|70[23]|959))\d{3})|(?=(?:\d{9})$)(?:4(?:79[01]|83[0-36-9]|9(?:5[0-3]|6[0-4]))\d{5}|4(?:[0-36]\d|4[047-9]|[58][0-24-9]|7[02-8]|9[0-47-9])\d{6})|(?=(?:\d{7}|\d{10})$)(?:180(?:0\d{3}|2)\d{3})|(?=(?:\d{10})$)(?:190[0-26]\d{6})|(?=(?:\d{9})$)(?:14(?:5(?:1[0458]|[23][458])|71\d)\d{4})|(?=(?:\d{6}|\d{8}|\d{10}|\d{12})$)(?:13(?:00\d{6}(?:\d{2})?|45[0-4]\d{3})|13\d{4}) | {6,7,8,9,10,12}
  CX     | 61           | 3     | 001[14-689]|14(?:1[14]|34|4[17]|[56]6|7[47]|88)0011    | ([59]\d{7})$|0                                               | 8\1                     | 1(?:[0-79]\d{8}(?:\d{2})?|8[0-24-9]\d{7})|[148]\d{8}|1\d{5,7} |                      | (?=(?:\d{9})$)(?:8(?:51(?:0(?:01|30|59|88)|1(?:17|46|75)|2(?:22|35))|91(?:00[6-9]|1(?:[28]1|49|78)|2(?:09|63)|3(?:12|26|75)|4(?:56|97)|64\d|7(?:0[01]|1[0-2])|958))\d{3})|(?=(?:\d{9})$)(?:4(?:79[01]|83[0-36-9]|9(?:5[0-3]|6[0-4]))\d{5}|4(?:[0-36]\d|4[047-9]|[58][0-24-9]|7[02-8]|9[0-47-9])\d{6})|(?=(?:\d{7}|\d{10})$)(?:180(?:0\d{3}|2)\d{3})|(?=(?:\d{10})$)(?:190[0-26]\d{6})|(?=(?:\d{9})$)(?:14(?:5(?:1[0458]|[23][458])|71\d)\d{4})|(?=(?:\d{6}|\d{8}|\d{10}|\d{12})$)(?:13(?:00\d{6}(?:\d{2})?|45[0-4]\d{3})|13\d{4}) | {6,7,8,9,10,12}
  ID     | 62           | 1     | 00[89]                                                 | 0                                                            |                         | 00[1-9]\d{9,14}|(?:[1-36]|8\d{5})\d{6}|00\d{9}|[1-9]\d{8,10}|[2-9]\d{7} |                      |                                                              | {7,8,9,10,11,12,13,14,15,16,17}
  PH     | 63           | 1     | 00                                                     | 0                                                            |                         | (?:[2-7]|9\d)\d{8}|2\d{5}|(?:1800|8)\d{7,9}                  |                      |                                                              | {6,8,9,10,11,12,13}
  NZ     | 64           | 1     | 0(?:0|161)                                             | 0                                                            |                         | [1289]\d{9}|50\d{5}(?:\d{2,3})?|[27-9]\d{7,8}|(?:[34]\d|6[0-35-9])\d{6}|8\d{4,6} |                      |                                                              | {5,6,7,8,9,10}
  SG     | 65           | 1     | 0[0-3]\d                                               |                                                              |                         | (?:(?:1\d|8)\d\d|7000)\d{7}|[3689]\d{7}                      |                      |                                                              | {8,10,11}
  TH     | 66           | 1     | 00[1-9]                                                | 0                                                            |                         | (?:001800|[2-57]|[689]\d)\d{7}|1\d{7,9}                      |                      |                                                              | {8,9,10,13}
  JP     | 81           | 1     | 010                                                    | (000[2569]\d{4,6})$|(?:(?:003768)0?)|0                       | \1                      | 00[1-9]\d{6,14}|[25-9]\d{9}|(?:00|[1-9]\d\d)\d{6}            |                      |                                                              | {8,9,10,11,12,13,14,15,16,17}
  KR     | 82           | 1     | 00(?:[125689]|3(?:[46]5|91)|7(?:00|27|3|55|6[126]))    | 0(8(?:[1-46-8]|5\d\d))?                                      |                         | 00[1-9]\d{8,11}|(?:[12]|5\d{3})\d{7}|[13-6]\d{9}|(?:[1-6]\d|80)\d{7}|[3-6]\d{4,5}|(?:00|7)0\d{8} |                      |                                                              | {5,6,8,9,10,11,12,13,14}
  VN     | 84           | 1     | 00                                                     | 0                                                            |                         | [12]\d{9}|[135-9]\d{8}|[16]\d{6,7}|7\d{6}                    |                      |                                                              | {7,8,9,10}
  CN     | 86           | 1     | 00|1(?:[12]\d|79)\d\d00                                | (1(?:[12]\d|79)\d\d)|0                                       |                         | (?:(?:1[03-689]|2\d)\d\d|6)\d{8}|1\d{10}|[126]\d{6}(?:\d(?:\d{2})?)?|86\d{5,6}|(?:[3-579]\d|8[0-57-9])\d{5,9} |                      |                                                              | {7,8,9,10,11,12}
  TR     | 90           | 1     | 00                                                     | 0                                                            |                         | 4\d{6}|8\d{11,12}|(?:[2-58]\d\d|900)\d{7}                    |                      |                                                              | {7,10,12,13}
  IN     | 91           | 1     | 00                                                     | 0                                                            |                         | (?:000800|[2-9]\d\d)\d{7}|1\d{7,12}                          |                      |                                                              | {8,9,10,11,12,13}
  PK     | 92           | 1     | 00                                                     | 0                                                            |                         | 122\d{6}|[24-8]\d{10,11}|9(?:[013-9]\d{8,10}|2(?:[01]\d\d|2(?:[06-8]\d|1[01]))\d{7})|(?:[2-8]\d{3}|92(?:[0-7]\d|8[1-9]))\d{6}|[24-9]\d{8}|[89]\d{7} |                      |                                                              | {8,9,10,11,12}
  AF     | 93           | 1     | 00                                                     | 0                                                            |                         | [2-7]\d{8}                                                   |                      |                                                              | {9}
  LK     | 94           | 1     | 00                                                     | 0                                                            |                         | [1-9]\d{8}                                                   |                      |                                                              | {9}
  MM     | 95           | 1     | 00                                                     | 0                                                            |                         | 1\d{5,7}|95\d{6}|(?:[4-7]|9[0-46-9])\d{6,8}|(?:2|8\d)\d{5,8} |                      |                                                              | {6,7,8,9,10}
  IR     | 98           | 1     | 00                                                     | 0                                                            |                         | [1-9]\d{9}|(?:[1-8]\d\d|9)\d{3,4}                            |                      |                                                              | {4,5,6,7,10}
  SS     | 211          | 1     | 00                                                     | 0                                                            |                         | [19]\d{8}                                                    |                      |                                                              | {9}
  MA     | 212          | 1     | 00                                                     | 0                                                            |                         | [5-8]\d{8}                                                   | [5-8]                |                                                              | {9}
  EH     | 212          | 2     | 00                                                     | 0                                                            |                         | [5-8]\d{8}                                                   |                      | (?=(?:\d{9})$)(?:528[89]\d{5})|(?=(?:\d{9})$)(?:(?:6(?:[0-79]\d|8[0-247-9])|7(?:[016-8]\d|2[0-8]|3[01]|5[0-5]))\d{6})|(?=(?:\d{9})$)(?:80[0-7]\d{6})|(?=(?:\d{9})$)(?:89\d{7})|(?=(?:\d{9})$)(?:(?:592(?:4[0-2]|93)|80[89]\d\d)\d{4}) | {9}
  DZ     | 213          | 1     | 00                                                     | 0                                                            |                         | (?:[1-4]|[5-79]\d|80)\d{7}                                   |                      |                                                              | {8,9}
  TN     | 216          | 1     | 00                                                     |                                                              |                         | [2-57-9]\d{7}                                                |                      |                                                              | {8}
  LY     | 218          | 1     | 00                                                     | 0                                                            |                         | [2-9]\d{8}                                                   |                      |                                                              | {9}
  GM     | 220          | 1     | 00                                                     |                                                              |                         | [48]\d{8}|[2-9]\d{6}                                         |                      |                                                              | {7,9}
  SN     | 221          | 1     | 00                                                     |                                                              |                         | (?:[378]\d|93)\d{7}                                          |                      |                                                              | {9}
  MR     | 222          | 1     | 00                                                     |                                                              |                         | (?:[2-4]\d\d|800)\d{5}                                       |                      |                                                              | {8}
  ML     | 223          | 1     | 00                                                     |                                                              |                         | [24-9]\d{7}                                                  |                      |                                                              | {8}
  GN     | 224          | 1     | 00                                                     |                                                              |                         | 722\d{6}|(?:3|6\d)\d{7}                                      |                      |                                                              | {8,9}
  CI     | 225          | 1     | 00                                                     |                                                              |                         | [02]\d{9}                                                    |                      |                                                              | {10}
  BF     | 226          | 1     | 00                                                     |                                                              |                         | [024-7]\d{7}                                                 |                      |                                                              | {8}
  NE     | 227          | 1     | 00                                                     |                                                              |                         | [027-9]\d{7}                                                 |                      |                                                              | {8}
  TG     | 228          | 1     | 00                                                     |                                                              |                         | [279]\d{7}                                                   |                      |                                                              | {8}
  BJ     | 229          | 1     | 00                                                     |                                                              |                         | 01\d{8}                                                      |                      |                                                              | {10}
  MU     | 230          | 1     | 0(?:0|[24-7]0|3[03])                                   |                                                              |                         | (?:[57]|8\d\d)\d{7}|[2-468]\d{6}                             |                      |                                                              | {7,8,10}
  LR     | 231          | 1     | 00                                                     | 0                                                            |                         | (?:[2457]\d|33|88)\d{7}|(?:2\d|[4-6])\d{6}                   |                      |                                                              | {7,8,9}
  SL     | 232          | 1     | 00                                                     | 0                                                            |                         | (?:[237-9]\d|66)\d{6}                                        |                      |                                                              | {8}
  GH     | 233          | 1     | 00                                                     | 0                                                            |                         | [235]\d{8}|800\d{5,6}                                        |                      |                                                              | {8,9}
  NG     | 234          | 1     | 009                                                    | 0                                                            |                         | (?:20|9\d)\d{8}|[78]\d{9,13}                                 |                      |                                                              | {10,11,12,13,14}
  TD     | 235          | 1     | 00|16                                                  |                                                              |                         | (?:22|[3689]\d|77)\d{6}                                      |                      |                                                              | {8}
  CF     | 236          | 1     | 00                                                     |                                                              |                         | 8776\d{4}|(?:[27]\d|61)\d{6}                                 |                      |                                                              | {8}
  CM     | 237          | 1     | 00                                                     |                                                              |                         | [26]\d{8}|88\d{6,7}                                          |                      |                                                              | {8,9}
  CV     | 238          | 1     | 0                                                      |                                                              |                         | (?:[2-59]\d\d|800)\d{4}                                      |                      |                                                              | {7}
  ST     | 239          | 1     | 00                                                     |                                                              |                         | (?:22|9\d)\d{5}                                              |                      |                                                              | {7}
  GQ     | 240          | 1     | 00                                                     |                                                              |                         | 222\d{6}|(?:3\d|55|[89]0)\d{7}                               |                      |                                                              | {9}
  GA     | 241          | 1     | 00                                                     | 0(11\d{6}|60\d{6}|61\d{6}|6[256]\d{6}|7[467]\d{6})           | \1                      | (?:[067]\d|11)\d{6}|[2-7]\d{6}                               |                      |                                                              | {7,8}
  CG     | 242          | 1     | 00                                                     |                                                              |                         | 222\d{6}|(?:0\d|80)\d{7}                                     |                      |                                                              | {9}
  CD     | 243          | 1     | 00                                                     | 0                                                            |                         | (?:(?:[189]|5\d)\d|2)\d{7}|[1-68]\d{6}                       |                      |                                                              | {7,8,9,10}
  AO     | 244          | 1     | 00                                                     |                                                              |                         | [29]\d{8}                                                    |                      |                                                              | {9}
  GW     | 245          | 1     | 00                                                     |                                                              |                         | [49]\d{8}|4\d{6}                                             |                      |                                                              | {7,9}
  IO     | 246          | 1     | 00                                                     |                                                              |                         | 3\d{6}                                                       |                      |                                                              | {7}
  AC     | 247          | 1     | 00                                                     |                                                              |                         | (?:[01589]\d|[2-467])\d{4}                                   |                      |                                                              | {5,6}
  SC     | 248          | 1     | 010|0[0-2]                                             |                                                              |                         | (?:[2489]\d|64)\d{5}                                         |                      |                                                              | {7}
  SD     | 249          | 1     | 00                                                     | 0                                                            |                         | [19]\d{8}                                                    |                      |                                                              | {9}
  RW     | 250          | 1     | 00                                                     | 0                                                            |                         | (?:06|[27]\d\d|[89]00)\d{6}                                  |                      |                                                              | {8,9}
  ET     | 251          | 1     | 00                                                     | 0                                                            |                         | (?:11|[2-57-9]\d)\d{7}                                       |                      |                                                              | {9}
  SO     | 252          | 1     | 00                                                     | 0                                                            |                         | [346-9]\d{8}|[12679]\d{7}|[1-5]\d{6}|[1348]\d{5}             |                      |                                                              | {6,7,8,9}
  DJ     | 253          | 1     | 00                                                     |                                                              |                         | (?:2\d|77)\d{6}                                              |                      |                                                              | {8}
  KE     | 254          | 1     | 000                                                    | 0                                                            |                         | (?:[17]\d\d|900)\d{6}|(?:2|80)0\d{6,7}|[4-6]\d{6,8}          |                      |                                                              | {7,8,9,10}
  TZ     | 255          | 1     | 00[056]                                                | 0                                                            |                         | (?:[25-8]\d|41|90)\d{7}                                      |                      |                                                              | {9}
  UG     | 256          | 1     | 00[057]                                                | 0                                                            |                         | 800\d{6}|(?:[29]0|[347]\d)\d{7}                              |                      |                                                              | {9}
  BI     | 257          | 1     | 00                                                     |                                                              |                         | (?:[267]\d|31)\d{6}                                          |                      |                                                              | {8}
  MZ     | 258          | 1     | 00                                                     |                                                              |                         | (?:2|8\d)\d{7}                                               |                      |                                                              | {8,9}
  ZM     | 260          | 1     | 00                                                     | 0                                                            |                         | 800\d{6}|(?:21|[579]\d|63)\d{7}                              |                      |                                                              | {9}
  MG     | 261          | 1     | 00                                                     | ([24-9]\d{6})$|0                                             | 20\1                    | [23]\d{8}                                                    |                      |                                                              | {9}
  RE     | 262          | 1     | 00                                                     | 0                                                            |                         | 709\d{6}|(?:26|[689]\d)\d{7}                                 |                      | (?=(?:\d{9})$)(?:2631[0-6]\d{4}|26(?:2\d|30|88)\d{5})|(?=(?:\d{9})$)(?:(?:69(?:2\d\d|3(?:[06][0-6]|1[0-3]|2[0-2]|3[0-39]|4\d|5[0-5]|7[0-37]|8[0-8]|9[0-479]))|7092[0-3])\d{4})|(?=(?:\d{9})$)(?:80\d{7})|(?=(?:\d{9})$)(?:89[1-37-9]\d{6})|(?=(?:\d{9})$)(?:9(?:399[0-3]|479[0-6]|76(?:2[278]|3[0-37]))\d{4})|(?=(?:\d{9})$)(?:8(?:1[019]|2[0156]|84|90)\d{6}) | {9}
  YT     | 262          | 2     | 00                                                     | 0                                                            |                         | (?:639\d|7093)\d{5}|(?:26|80|9\d)\d{7}                       |                      | (?=(?:\d{9})$)(?:26(?:89\d|9(?:0[0-467]|15|5[0-4]|6\d|[78]0))\d{4})|(?=(?:\d{9})$)(?:(?:639(?:0[0-79]|1[019]|[267]\d|3[09]|40|5[05-9]|9[04-79])|7093[5-7])\d{4})|(?=(?:\d{9})$)(?:80\d{7})|(?=(?:\d{9})$)(?:9(?:(?:39|47)8[01]|769\d)\d{4}) | {9}
  ZW     | 263          | 1     | 00                                                     | 0                                                            |                         | 8\d{6}(?:\d{3})?|[235-8]\d{8}                                |                      |                                                              | {7,9,10}
  NA     | 264          | 1     | 00                                                     | 0                                                            |                         | [68]\d{7,8}                                                  |                      |                                                              | {8,9}
  MW     | 265          | 1     | 00                                                     | 0                                                            |                         | (?:[1289]\d|31|77)\d{7}|1\d{6}                               |                      |                                                              | {7,9}
  LS     | 266          | 1     | 00                                                     |                                                              |                         | (?:[256]\d\d|800)\d{5}                                       |                      |                                                              | {8}
  BW     | 267          | 1     | 00                                                     |                                                              |                         | 90\d{5}|(?:0800|[2-6]|(?:7|800)\d)\d{6}                      |                      |                                                              | {7,8,10}
  SZ     | 268          | 1     | 00                                                     |                                                              |                         | 0800\d{4}|(?:[237]\d|900)\d{6}                               |                      |                                                              | {8,9}
  KM     | 269          | 1     | 00                                                     |                                                              |                         | [3478]\d{6}                                                  |                      |                                                              | {7}
  SH     | 290          | 1     | 00                                                     |                                                              |                         | (?:[2569]\d|8)\d{3}                                          | [2569]               |                                                              | {4,5}
  TA     | 290          | 2     | 00                                                     |                                                              |                         | 8\d{3}                                                       | 8                    |                                                              | {4}
  ER     | 291          | 1     | 00                                                     | 0                                                            |                         | [178]\d{6}                                                   |                      |                                                              | {7}
  AW     | 297          | 1     | 00                                                     |                                                              |                         | (?:[25-79]\d\d|800)\d{4}                                     |                      |                                                              | {7}
  FO     | 298          | 1     | 00                                                     | (10(?:01|[12]0|88))                                          |                         | [2-9]\d{5}                                                   |                      |                                                              | {6}
  GL     | 299          | 1     | 00                                                     |                                                              |                         | (?:19|[2-689]\d|70)\d{4}                                     |                      |                                                              | {6}
  GI     | 350          | 1     | 00                                                     |                                                              |                         | (?:[25]\d|60)\d{6}                                           |                      |                                                              | {8}
  PT     | 351          | 1     | 00                                                     |                                                              |                         | 1693\d{5}|(?:[26-9]\d|30)\d{7}                               |                      |                                                              | {9}
  LU     | 352          | 1     | 00                                                     | (15(?:0[06]|1[12]|[35]5|4[04]|6[26]|77|88|99)\d)             |                         | 35[013-9]\d{4,8}|6\d{8}|35\d{2,4}|(?:[2457-9]\d|3[0-46-9])\d{2,9} |                      |                                                              | {4,5,6,7,8,9,10,11}
  IE     | 353          | 1     | 00                                                     | 0                                                            |                         | (?:1\d|[2569])\d{6,8}|4\d{6,9}|7\d{8}|8\d{8,9}               |                      |                                                              | {7,8,9,10}
  IS     | 354          | 1     | 00|1(?:0(?:01|[12]0)|100)                              |                                                              |                         | (?:38\d|[4-9])\d{6}                                          |                      |                                                              | {7,9}
  AL     | 355          | 1     | 00                                                     | 0                                                            |                         | (?:700\d\d|900)\d{3}|8\d{5,7}|(?:[2-5]|6\d)\d{7}             |                      |                                                              | {6,7,8,9}
  MT     | 356          | 1     | 00                                                     |                                                              |                         | 3550\d{4}|(?:[2579]\d\d|800)\d{5}                            |                      |                                                              | {8}
  CY     | 357          | 1     | 00                                                     |                                                              |                         | (?:[279]\d|[58]0)\d{6}                                       |                      |                                                              | {8}
  FI     | 358          | 1     | 00|99(?:[01469]|5(?:[14]1|3[23]|5[59]|77|88|9[09]))    | 0                                                            |                         | [1-35689]\d{4}|7\d{10,11}|(?:[124-7]\d|3[0-46-9])\d{8}|[1-9]\d{5,8} | 1[03-79]|[2-9]       |                                                              | {5,6,7,8,9,10,11,12}
  AX     | 358          | 2     | 00|99(?:[01469]|5(?:[14]1|3[23]|5[59]|77|88|9[09]))    | 0                                                            |                         | 2\d{4,9}|35\d{4,5}|(?:60\d\d|800)\d{4,6}|7\d{5,11}|(?:[14]\d|3[0-46-9]|50)\d{4,8} | 18                   |                                                              | {5,6,7,8,9,10,11,12}
  BG     | 359          | 1     | 00                                                     | 0                                                            |                         | 00800\d{7}|[2-7]\d{6,7}|[89]\d{6,8}|2\d{5}                   |                      |                                                              | {6,7,8,9,12}
  LT     | 370          | 1     | 00                                                     | [08]                                                         |                         | (?:[3469]\d|52|[78]0)\d{6}                                   |                      |                                                              | {8}
  LV     | 371          | 1     | 00                                                     |                                                              |                         | (?:[268]\d|78|90)\d{6}                                       |                      |                                                              | {8}
  EE     | 372          | 1     | 00                                                     |                                                              |                         | 8\d{9}|[4578]\d{7}|(?:[3-8]\d|90)\d{5}                       |                      |                                                              | {7,8,10}
  MD     | 373          | 1     | 00                                                     | 0                                                            |                         | (?:[235-7]\d|[89]0)\d{6}                                     |                      |                                                              | {8}
  AM     | 374          | 1     | 00                                                     | 0                                                            |                         | (?:[1-489]\d|55|60|77)\d{6}                                  |                      |                                                              | {8}
  BY     | 375          | 1     | 810                                                    | 0|80?                                                        |                         | (?:[12]\d|33|44|902)\d{7}|8(?:0[0-79]\d{5,7}|[1-7]\d{9})|8(?:1[0-489]|[5-79]\d)\d{7}|8[1-79]\d{6,7}|8[0-79]\d{5}|8\d{5} |                      |                                                              | {6,7,8,9,10,11}
  AD     | 376          | 1     | 00                                                     |                                                              |                         | (?:1|6\d)\d{7}|[135-9]\d{5}                                  |                      |                                                              | {6,8,9}
  MC     | 377          | 1     | 00                                                     | 0                                                            |                         | (?:[3489]|[67]\d)\d{7}                                       |                      |                                                              | {8,9}
  SM     | 378          | 1     | 00                                                     | ([89]\d{5})$                                                 | 0549\1                  | (?:0549|[5-7]\d)\d{6}                                        |                      |                                                              | {8,10}
  UA     | 380          | 1     | 00                                                     | 0                                                            |                         | [89]\d{9}|[3-9]\d{8}                                         |                      |                                                              | {9,10}
  RS     | 381          | 1     | 00                                                     | 0                                                            |                         | 38[02-9]\d{6,9}|6\d{7,9}|90\d{4,8}|38\d{5,6}|(?:7\d\d|800)\d{3,9}|(?:[12]\d|3[0-79])\d{5,10} |                      |                                                              | {6,7,8,9,10,11,12}
  ME     | 382          | 1     | 00                                                     | 0                                                            |                         | (?:20|[3-79]\d)\d{6}|80\d{6,7}                               |                      |                                                              | {8,9}
  XK     | 383          | 1     | 00                                                     | 0                                                            |                         | 2\d{7,8}|3\d{7,11}|(?:4\d\d|[89]00)\d{5}                     |                      |                                                              | {8,9,10,11,12}
  HR     | 385          | 1     | 00                                                     | 0                                                            |                         | [2-69]\d{8}|80\d{5,7}|[1-79]\d{7}|6\d{6}                     |                      |                                                              | {7,8,9}
  SI     | 386          | 1     | 00|10(?:22|66|88|99)                                   | 0                                                            |                         | [1-7]\d{7}|8\d{4,7}|90\d{4,6}                                |                      |                                                              | {5,6,7,8}
  BA     | 387          | 1     | 00                                                     | 0                                                            |                         | 6\d{8}|(?:[35689]\d|49|70)\d{6}                              |                      |                                                              | {8,9}
  MK     | 389          | 1     | 00                                                     | 0                                                            |                         | [2-578]\d{7}                                                 |                      |                                                              | {8}
  CZ     | 420          | 1     | 00                                                     |                                                              |                         | (?:[2-578]\d|60)\d{7}|9\d{8,11}                              |                      |                                                              | {9,10,11,12}
  SK     | 421          | 1     | 00                                                     | 0                                                            |                         | [2-689]\d{8}|[2-59]\d{6}|[2-5]\d{5}                          |                      |                                                              | {6,7,9}
  LI     | 423          | 1     | 00                                                     | (1001)|0                                                     |                         | [68]\d{8}|(?:[2378]\d|90)\d{5}                               |                      |                                                              | {7,9}
  FK     | 500          | 1     | 00                                                     |                                                              |                         | [2-7]\d{4}                                                   |                      |                                                              | {5}
  BZ     | 501          | 1     | 00                                                     |                                                              |                         | (?:0800\d|[2-8])\d{6}                                        |                      |                                                              | {7,11}
  GT     | 502          | 1     | 00                                                     |                                                              |                         | 80\d{6}|(?:1\d{3}|[2-7])\d{7}                                |                      |                                                              | {8,11}
  SV     | 503          | 1     | 00                                                     |                                                              |                         | [25-7]\d{7}|(?:80\d|900)\d{4}(?:\d{4})?                      |                      |                                                              | {7,8,11}
  HN     | 504          | 1     | 00                                                     |                                                              |                         | 8\d{10}|[237-9]\d{7}                                         |                      |                                                              | {8,11}
  NI     | 505          | 1     | 00                                                     |                                                              |                         | (?:1800|[25-8]\d{3})\d{4}                                    |                      |                                                              | {8}
  CR     | 506          | 1     | 00                                                     | (19(?:0[0-2468]|1[09]|20|66|77|99))                          |                         | (?:8\d|90)\d{8}|(?:[24-8]\d{3}|3005)\d{4}                    |                      |                                                              | {8,10}
  PA     | 507          | 1     | 00                                                     |                                                              |                         | (?:00800|8\d{3})\d{6}|[68]\d{7}|[1-57-9]\d{6}                |                      |                                                              | {7,8,10,11}
  PM     | 508          | 1     | 00                                                     | 0                                                            |                         | [78]\d{8}|[2-9]\d{5}                                         |                      |                                                              | {6,9}
  HT     | 509          | 1     | 00                                                     |                                                              |                         | [2-589]\d{7}                                                 |                      |                                                              | {8}
  GP     | 590          | 1     | 00                                                     | 0                                                            |                         | 7090\d{5}|(?:[56]9|[89]\d)\d{7}                              |                      | (?=(?:\d{9})$)(?:(?:59(?:0(?:0[1-68]|[14][0-24-9]|2[0-68]|3[1-9]|5[3-579]|[68][0-689]|7[08]|9\d)|87\d)|80[6-9]\d\d)\d{4})|(?=(?:\d{9})$)(?:(?:69(?:0\d\d|1(?:2[2-9]|3[0-5]))|7090[0-4])\d{4})|(?=(?:\d{9})$)(?:80[0-5]\d{6})|(?=(?:\d{9})$)(?:8[129]\d{7})|(?=(?:\d{9})$)(?:9(?:(?:39[5-7]|76[018])\d|475[0-6])\d{4}) | {9}
  BL     | 590          | 2     | 00                                                     | 0                                                            |                         | 7090\d{5}|(?:[56]9|[89]\d)\d{7}                              |                      | (?=(?:\d{9})$)(?:(?:59(?:0(?:2[7-9]|3[3-7]|5[12]|87)|87\d)|80[6-9]\d\d)\d{4})|(?=(?:\d{9})$)(?:(?:69(?:0\d\d|1(?:2[2-9]|3[0-5]))|7090[0-4])\d{4})|(?=(?:\d{9})$)(?:80[0-5]\d{6})|(?=(?:\d{9})$)(?:8[129]\d{7})|(?=(?:\d{9})$)(?:9(?:(?:39[5-7]|76[018])\d|475[0-6])\d{4}) | {9}
  MF     | 590          | 3     | 00                                                     | 0                                                            |                         | 7090\d{5}|(?:[56]9|[89]\d)\d{7}                              |                      | (?=(?:\d{9})$)(?:(?:59(?:0(?:0[079]|[14]3|[27][79]|3[03-7]|5[0-268]|87)|87\d)|80[6-9]\d\d)\d{4})|(?=(?:\d{9})$)(?:(?:69(?:0\d\d|1(?:2[2-9]|3[0-5]))|7090[0-4])\d{4})|(?=(?:\d{9})$)(?:80[0-5]\d{6})|(?=(?:\d{9})$)(?:8[129]\d{7})|(?=(?:\d{9})$)(?:9(?:(?:39[5-7]|76[018])\d|475[0-6])\d{4}) | {9}
  BO     | 591          | 1     | 00(?:1\d)?                                             | 0(1\d)?                                                      |                         | (?:[2-7]\d\d|8001)\d{5}                                      |                      |                                                              | {8,9}
  GY     | 592          | 1     | 001                                                    |                                                              |                         | (?:[2-8]\d{3}|9008)\d{3}                                     |                      |                                                              | {7}
  EC     | 593          | 1     | 00                                                     | 0                                                            |                         | 1\d{9,10}|(?:[2-7]|9\d)\d{7}                                 |                      |                                                              | {8,9,10,11}
  GF     | 594          | 1     | 00                                                     | 0                                                            |                         | (?:694\d|7093)\d{5}|(?:59|[89]\d)\d{7}                       |                      |                                                              | {9}
  PY     | 595          | 1     | 00                                                     | 0                                                            |                         | [36-8]\d{5,8}|4\d{6,8}|59\d{6}|9\d{5,10}|(?:2\d|5[0-8])\d{6,7} |                      |                                                              | {6,7,8,9,10,11}
  MQ     | 596          | 1     | 00                                                     | 0                                                            |                         | 7091\d{5}|(?:[56]9|[89]\d)\d{7}                              |                      |                                                              | {9}
  SR     | 597          | 1     | 00                                                     |                                                              |                         | (?:[2-5]|[6-9]\d)\d{5}                                       |                      |                                                              | {6,7}
  UY     | 598          | 1     | 0(?:0|1[3-9]\d)                                        | 0                                                            |                         | 0004\d{2,9}|[1249]\d{7}|2\d{3,4}|(?:[49]\d|80)\d{5}          |                      |                                                              | {4,5,6,7,8,9,10,11,12,13}
  CW     | 599          | 1     | 00                                                     |                                                              |                         | (?:[34]1|60|(?:7|9\d)\d)\d{5}                                | [69]                 |                                                              | {7,8}
  BQ     | 599          | 2     | 00                                                     |                                                              |                         | (?:[34]1|7\d)\d{5}                                           | [347]                |                                                              | {7}
  TL     | 670          | 1     | 00                                                     |                                                              |                         | 7\d{7}|(?:[2-47]\d|[89]0)\d{5}                               |                      |                                                              | {7,8}
  NF     | 672          | 1     | 00                                                     | ([0-258]\d{4})$                                              | 3\1                     | [13]\d{5}                                                    |                      |                                                              | {6}
  BN     | 673          | 1     | 00                                                     |                                                              |                         | [2-578]\d{6}                                                 |                      |                                                              | {7}
  NR     | 674          | 1     | 00                                                     |                                                              |                         | (?:222|444|(?:55|8\d)\d|666|777|999)\d{4}                    |                      |                                                              | {7}
  PG     | 675          | 1     | 00|140[1-3]                                            |                                                              |                         | (?:180|[78]\d{3})\d{4}|(?:[2-589]\d|64)\d{5}                 |                      |                                                              | {7,8}
  TO     | 676          | 1     | 00                                                     |                                                              |                         | (?:0800|(?:[5-8]\d\d|999)\d)\d{3}|[2-8]\d{4}                 |                      |                                                              | {5,7}
  SB     | 677          | 1     | 0[01]                                                  |                                                              |                         | [6-9]\d{6}|[1-6]\d{4}                                        |                      |                                                              | {5,7}
  VU     | 678          | 1     | 00                                                     |                                                              |                         | [57-9]\d{6}|(?:[238]\d|48)\d{3}                              |                      |                                                              | {5,7}
  FJ     | 679          | 1     | 0(?:0|52)                                              |                                                              |                         | 45\d{5}|(?:0800\d|[235-9])\d{6}                              |                      |                                                              | {7,11}
  PW     | 680          | 1     | 01[12]                                                 |                                                              |                         | (?:[24-8]\d\d|345|900)\d{4}                                  |                      |                                                              | {7}
  WF     | 681          | 1     | 00                                                     |                                                              |                         | (?:40|72|8\d{4})\d{4}|[89]\d{5}                              |                      |                                                              | {6,9}
  CK     | 682          | 1     | 00                                                     |                                                              |                         | [2-578]\d{4}                                                 |                      |                                                              | {5}
  NU     | 683          | 1     | 00                                                     |                                                              |                         | (?:[4-7]|888\d)\d{3}                                         |                      |                                                              | {4,7}
  WS     | 685          | 1     | 0                                                      |                                                              |                         | (?:[2-6]|8\d{5})\d{4}|[78]\d{6}|[68]\d{5}                    |                      |                                                              | {5,6,7,10}
  KI     | 686          | 1     | 00                                                     | 0                                                            |                         | (?:[37]\d|6[0-79])\d{6}|(?:[2-48]\d|50)\d{3}                 |                      |                                                              | {5,8}
  NC     | 687          | 1     | 00                                                     |                                                              |                         | (?:050|[2-57-9]\d\d)\d{3}                                    |                      |                                                              | {6}
  TV     | 688          | 1     | 00                                                     |                                                              |                         | (?:2|7\d\d|90)\d{4}                                          |                      |                                                              | {5,6,7}
  PF     | 689          | 1     | 00                                                     |                                                              |                         | 4\d{5}(?:\d{2})?|8\d{7,8}                                    |                      |                                                              | {6,8,9}
  TK     | 690          | 1     | 00                                                     |                                                              |                         | [2-47]\d{3,6}                                                |                      |                                                              | {4,5,6,7}
  FM     | 691          | 1     | 00                                                     |                                                              |                         | (?:[39]\d\d|820)\d{4}                                        |                      |                                                              | {7}
  MH     | 692          | 1     | 011                                                    | 1                                                            |                         | 329\d{4}|(?:[256]\d|45)\d{5}                                 |                      |                                                              | {7}
  +800   | 800          | 1     |                                                        |                                                              |                         | (?:00|[1-9]\d)\d{6}                                          |                      |                                                              | {8}
  +808   | 808          | 1     |                                                        |                                                              |                         | [1-9]\d{7}                                                   |                      |                                                              | {8}
  KP     | 850          | 1     | 00|99                                                  | 0                                                            |                         | 85\d{6}|(?:19\d|[2-7])\d{7}                                  |                      |                                                              | {8,10}
  HK     | 852          | 1     | 00(?:30|5[09]|[126-9]?)                                |                                                              |                         | 8[0-46-9]\d{6,7}|9\d{4,7}|(?:[2-7]|9\d{3})\d{7}              |                      |                                                              | {5,6,7,8,9,11}
  MO     | 853          | 1     | 00                                                     |                                                              |                         | 0800\d{3}|(?:28|[68]\d)\d{6}                                 |                      |                                                              | {7,8}
  KH     | 855          | 1     | 00[14-9]                                               | 0                                                            |                         | 1\d{9}|[1-9]\d{7,8}                                          |                      |                                                              | {8,9,10}
  LA     | 856          | 1     | 00                                                     | 0                                                            |                         | (?:2\d|3)\d{8}|(?:[235-8]\d|41)\d{6}                         |                      |                                                              | {8,9,10}
  +870   | 870          | 1     |                                                        |                                                              |                         | 7\d{11}|[235-7]\d{8}                                         |                      |                                                              | {9,12}
  +878   | 878          | 1     |                                                        |                                                              |                         | 10\d{10}                                                     |                      |                                                              | {12}
  BD     | 880          | 1     | 00                                                     | 0                                                            |                         | [1-469]\d{9}|8[0-79]\d{7,8}|[2-79]\d{8}|[2-9]\d{7}|[3-9]\d{6}|[57-9]\d{5} |                      |                                                              | {6,7,8,9,10}
  +881   | 881          | 1     |                                                        |                                                              |                         | 6\d{9}|[0-36-9]\d{8}                                         |                      |                                                              | {9,10}
  +882   | 882          | 1     |                                                        |                                                              |                         | [13]\d{6}(?:\d{2,5})?|[19]\d{7}|(?:[25]\d\d|4)\d{7}(?:\d{2})? |                      |                                                              | {7,8,9,10,11,12}
  +883   | 883          | 1     |                                                        |                                                              |                         | (?:[1-4]\d|51)\d{6,10}                                       |                      |                                                              | {8,9,10,11,12}
  TW     | 886          | 1     | 0(?:0[25-79]|19)                                       | 0                                                            |                         | [2-689]\d{8}|7\d{9,10}|[2-8]\d{7}|2\d{6}                     |                      |                                                              | {7,8,9,10,11}
  +888   | 888          | 1     |                                                        |                                                              |                         | \d{11}                                                       |                      |                                                              | {11}
  MV     | 960          | 1     | 0(?:0|19)                                              |                                                              |                         | (?:800|9[0-57-9]\d)\d{7}|[34679]\d{6}                        |                      |                                                              | {7,10}
  LB     | 961          | 1     | 00                                                     | 0                                                            |                         | [27-9]\d{7}|[13-9]\d{6}                                      |                      |                                                              | {7,8}
  JO     | 962          | 1     | 00                                                     | 0                                                            |                         | (?:(?:[2689]|7\d)\d|32|427|53)\d{6}                          |                      |                                                              | {8,9}
  SY     | 963          | 1     | 00                                                     | 0                                                            |                         | [1-359]\d{8}|[1-5]\d{7}                                      |                      |                                                              | {8,9}
  IQ     | 964          | 1     | 00                                                     | 0                                                            |                         | (?:1|7\d\d)\d{7}|[2-6]\d{7,8}                                |                      |                                                              | {8,9,10}
  KW     | 965          | 1     | 00                                                     |                                                              |                         | 18\d{5}|(?:[2569]\d|41)\d{6}                                 |                      |                                                              | {7,8}
  SA     | 966          | 1     | 00                                                     | 0                                                            |                         | (?:[15]\d|800|92)\d{7}                                       |                      |                                                              | {9,10}
  YE     | 967          | 1     | 00                                                     | 0                                                            |                         | (?:1|7\d)\d{7}|[1-7]\d{6}                                    |                      |                                                              | {7,8,9}
  OM     | 968          | 1     | 00                                                     |                                                              |                         | (?:1505|[279]\d{3}|500)\d{4}|800\d{5,6}                      |                      |                                                              | {7,8,9}
  PS     | 970          | 1     | 00                                                     | 0                                                            |                         | [2489]2\d{6}|(?:1\d|5)\d{8}                                  |                      |                                                              | {8,9,10}
  AE     | 971          | 1     | 00                                                     | 0                                                            |                         | (?:[4-7]\d|9[0-689])\d{7}|800\d{2,9}|[2-4679]\d{7}           |                      |                                                              | {5,6,7,8,9,10,11,12}
  IL     | 972          | 1     | 0(?:0|1(?:05|[2-9]))                                   | 0                                                            |                         | 1\d{6}(?:\d{3,5})?|[57]\d{8}|[1-489]\d{7}                    |                      |                                                              | {7,8,9,10,11,12}
  BH     | 973          | 1     | 00                                                     |                                                              |                         | [136-9]\d{7}                                                 |                      |                                                              | {8}
  QA     | 974          | 1     | 00                                                     |                                                              |                         | 800\d{4}|(?:2|800)\d{6}|(?:0080|[3-7])\d{7}                  |                      |                                                              | {7,8,9,11}
  BT     | 975          | 1     | 00                                                     |                                                              |                         | [178]\d{7}|[2-8]\d{6}                                        |                      |                                                              | {7,8}
  MN     | 976          | 1     | 001                                                    | 0                                                            |                         | [12]\d{7,9}|[5-9]\d{7}                                       |                      |                                                              | {8,9,10}
  NP     | 977          | 1     | 00                                                     | 0                                                            |                         | (?:1\d|9)\d{9}|[1-9]\d{7}                                    |                      |                                                              | {8,10,11}
  +979   | 979          | 1     |                                                        |                                                              |                         | [1359]\d{8}                                                  |                      |                                                              | {9}
  TJ     | 992          | 1     | 810                                                    |                                                              |                         | (?:[0-57-9]\d|66)\d{7}                                       |                      |                                                              | {9}
  TM     | 993          | 1     | 810                                                    | 8                                                            |                         | [1-7]\d{7}                                                   |                      |                                                              | {8}
  AZ     | 994          | 1     | 00                                                     | 0                                                            |                         | 365\d{6}|(?:[124579]\d|60|88)\d{7}                           |                      |                                                              | {9}
  GE     | 995          | 1     | 00                                                     | 0                                                            |                         | (?:[3-57]\d\d|800)\d{6}                                      |                      |                                                              | {9}
  KG     | 996          | 1     | 00                                                     | 0                                                            |                         | 8\d{9}|[235-9]\d{8}                                          |                      |                                                              | {9,10}
  UZ     | 998          | 1     | 00                                                     |                                                              |                         | (?:20|33|[5-9]\d)\d{7}                                       |                      |                                                              | {9}
');
-- end of source: reference/facts/phone_regions.sql

-- source: reference/files/file_surfaces.sql
-- Where files may be attached: to what, by whom, how many, how large, what they hold and for how long; and which types
-- each takes. FND-13.

select app_private.own_rows('app_private.file_surfaces', rows => '
key: appointment_files
description: Findings, letters and pictures that belong to an appointment.
owner_kind: appointment
audience: owner_readers
uploaded_by_owner: true
manage_permission: appointments.conduct
prefix: appointments
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
==========
key: organization_logo
description: The clinic''s logo.
owner_kind: organization
audience: owner_readers
uploaded_by_owner: false
manage_permission: organization.manage
prefix: logo
max_bytes: 1048576
max_files: 1
class: public
retention: clinic
==========
key: service_attachments
description: What helps to choose or prepare: leaflets, pictures.
owner_kind: service
audience: owner_readers
uploaded_by_owner: false
manage_permission: services.manage
prefix: services
max_bytes: 10485760
max_files: 20
class: public
retention: clinic
==========
key: specialist_signatures
description: The signature that goes onto documents.
owner_kind: specialist
audience: staff
uploaded_by_owner: true
manage_permission: specialists.manage
prefix: signatures
max_bytes: 524288
max_files: 1
class: pii_basic
retention: clinic
');

select app_private.own_rows('app_private.file_surface_types', rows => '
  surface               | content_type
  ----------------------+----------------
  appointment_files     | application/pdf
  appointment_files     | image/jpeg
  appointment_files     | image/png
  appointment_files     | image/webp
  organization_logo     | image/jpeg
  organization_logo     | image/png
  organization_logo     | image/webp
  service_attachments   | application/pdf
  service_attachments   | image/jpeg
  service_attachments   | image/png
  service_attachments   | image/webp
  specialist_signatures | image/png
');
-- end of source: reference/files/file_surfaces.sql

-- source: reference/files/file_transitions.sql
-- A file counts once the server has looked at its bytes; a deleted one can be brought back. FND-13.
-- An empty from_state is creation. docs/state-machines/files.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "files"}', rows => '
  from_state | to_state  | actor
  -----------+-----------+-------
             | pending   | system
  pending    | confirmed | system
  pending    | rejected  | system
  confirmed  | deleted   | system
  deleted    | confirmed | system
');
-- end of source: reference/files/file_transitions.sql

-- source: reference/files/file_types.sql
-- The types of files that are taken, and how their names may end. FND-13.

select app_private.own_rows('app_private.file_types', rows => '
  content_type    | extensions
  ----------------+--------------------
  application/pdf | {pdf}
  image/jpeg      | {jpg,jpeg,jfif,jpe}
  image/png       | {png}
  image/webp      | {webp}
');
-- end of source: reference/files/file_types.sql

-- source: reference/files/object_surfaces.sql
-- What processes keep in the object store, besides people's files. FND-12.

select app_private.own_rows('app_private.object_surfaces', rows => '
  key           | prefix         | class       | retention | description
  --------------+----------------+-------------+-----------+-------------------------------------------------------------
  audit_anchors | audit/anchors/ | operational | ledger    | Heads of the audit''s chains: numbers and hashes, nothing of anybody.
');
-- end of source: reference/files/object_surfaces.sql

-- source: reference/identity/invitation_transitions.sql
-- What becomes of an invitation. FND-04.
-- An empty from_state is creation. docs/state-machines/invitations.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "invitations"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | open     | system
  open       | accepted | system
  open       | declined | system
  open       | revoked  | system
  open       | expired  | system
');
-- end of source: reference/identity/invitation_transitions.sql

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
  integrations.manage      | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage           | Add and remove members, give and take roles
  message_templates.manage | Edit the words of the clinic''s messages
  messages.view            | See which messages the clinic''s patients were sent
  organization.manage      | Change the clinic''s details and booking settings
  owners.manage            | Name and remove owners of the clinic
  patients.manage          | Add and edit patients and their caregivers
  patients.merge           | Merge two patients who are one person, and undo it
  patients.view            | See the clinic''s patients
  roles.manage             | Define the clinic''s own roles
  schedules.manage         | Edit every specialist''s hours
  schedules.manage_own     | Edit one''s own hours as a specialist
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
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
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
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
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
  patients.view
  schedules.manage_own
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  messages.view
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/notify/channels.sql
-- Ways to tell somebody something, and the quiet hours and the cap of whoever set none. FND-15.
-- reaches: what must be known of a person. Quiet hours are local times; the cap counts 24 hours.

select app_private.own_rows('app_private.channels', rows => '
  name     | reaches | quiet_from | quiet_until | per_person_and_day
  ---------+---------+------------+-------------+-------------------
  email    | email   |            |             |
  in_app   | account |            |             |
  push     | account | 21:00:00   | 08:00:00    |
  sms      | phone   | 21:00:00   | 08:00:00    | 10
  whatsapp | phone   | 21:00:00   | 08:00:00    |
');
-- end of source: reference/notify/channels.sql

-- source: reference/notify/message_appointment_booked.sql
-- The message appointment_booked: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_booked"}', rows => '
topic: appointments
calendar_status: CONFIRMED
urgent_within: 12:00:00
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_booked"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_booked"}', rows => '
channel: email
locale: ro
version: 1
title: Programarea dumneavoastră: {{when}}
body:
Bună ziua, {{recipientName}},

V-am făcut o programare:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Your appointment: {{when}}
body:
Hello {{recipientName}},

Your appointment is booked:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Programare: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}
==========
channel: in_app
locale: en
version: 1
title: Appointment: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți o programare {{when}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have an appointment on {{when}}.
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: aveți o programare {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: you have an appointment on {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_appointment_booked.sql

-- source: reference/notify/message_appointment_cancelled.sql
-- The message appointment_cancelled: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_cancelled"}', rows => '
topic: appointments
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}
sample: {"endsAt": "2027-03-08T08:00:00Z", "reason": "Specialistul este indisponibil.", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_cancelled"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  in_app   | inbox  | 1    | true
  push     | alert  | 1    | true
  whatsapp | alert  | 2    | false
  sms      | alert  | 3    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_cancelled"}', rows => '
channel: email
locale: ro
version: 1
title: Programare anulată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră a fost anulată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Dacă doriți o altă oră, vă stăm la dispoziție{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Appointment cancelled: {{when}}
body:
Hello {{recipientName}},

Your appointment has been cancelled:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

If you would like another time, we are here for you{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

Warm regards,
{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Programare anulată: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}
==========
channel: in_app
locale: en
version: 1
title: Appointment cancelled: {{when}}
body:
{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}
{{reason}}
{{/reason}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Programarea de {{when}} a fost anulată.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: Your appointment on {{when}} has been cancelled.
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: programarea de {{when}} a fost anulată.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment on {{when}} has been cancelled.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_appointment_cancelled.sql

-- source: reference/notify/message_appointment_cancelled_by_patient.sql
-- The message appointment_cancelled_by_patient: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_cancelled_by_patient"}', rows => '
topic: clinic
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName,reason}
sample: {"endsAt": "2027-03-08T08:00:00Z", "reason": "Sunt răcită.", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_cancelled_by_patient"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_cancelled_by_patient"}', rows => '
channel: email
locale: ro
version: 1
title: Programare anulată de pacient: {{when}}
body:
Bună ziua,

Programarea pacientului {{patientName}} a fost anulată din contul de pacient:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ora este din nou liberă.

==========
channel: email
locale: en
version: 1
title: Appointment cancelled by the patient: {{when}}
body:
Hello,

The appointment of {{patientName}} was cancelled from the patient account:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

The time is free again.

');
-- end of source: reference/notify/message_appointment_cancelled_by_patient.sql

-- source: reference/notify/message_booking_request_confirmed.sql
-- The message booking_request_confirmed: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_confirmed"}', rows => '
topic: appointments
calendar_status: CONFIRMED
urgent_within: 12:00:00
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_confirmed"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_confirmed"}', rows => '
channel: email
locale: ro
version: 1
title: Programare confirmată: {{when}}
body:
Bună ziua, {{recipientName}},

Programarea dumneavoastră este confirmată:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Dacă nu puteți ajunge, vă rugăm să ne anunțați din timp{{#clinicPhone}} la {{clinicPhone}}{{/clinicPhone}}.

Vă așteptăm cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Appointment confirmed: {{when}}
body:
Hello {{recipientName}},

Your appointment is confirmed:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

If you cannot make it, please let us know in good time{{#clinicPhone}} at {{clinicPhone}}{{/clinicPhone}}.

We look forward to seeing you,
{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: programarea dumneavoastră este confirmată, {{when}}.{{#inPerson}}{{#clinicAddress}} Vă așteptăm la {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: your appointment is confirmed, {{when}}.{{#inPerson}}{{#clinicAddress}} We are at {{clinicAddress}}.{{/clinicAddress}}{{/inPerson}}{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_booking_request_confirmed.sql

-- source: reference/notify/message_booking_request_expired.sql
-- The message booking_request_expired: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_expired"}', rows => '
topic: appointments
visitor_limit: guest
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_expired"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_expired"}', rows => '
channel: email
locale: ro
version: 1
title: Cererea pentru {{when}} a expirat
body:
Bună ziua, {{recipientName}},

Ne pare rău, nu am reușit să vă răspundem la timp și cererea dumneavoastră a expirat:

{{serviceName}}
{{specialistName}}
{{when}}

Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Vă ajutăm și telefonic, la {{clinicPhone}}.{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Your request for {{when}} has expired
body:
Hello {{recipientName}},

We are sorry, we did not manage to answer in time and your request has expired:

{{serviceName}}
{{specialistName}}
{{when}}

Please choose another time.{{#clinicPhone}} We are glad to help by phone too, at {{clinicPhone}}.{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu am reușit să vă răspundem la timp, iar cererea pentru {{when}} a expirat. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: we are sorry, we did not answer in time and your request for {{when}} has expired. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_booking_request_expired.sql

-- source: reference/notify/message_booking_request_received.sql
-- The message booking_request_received: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_received"}', rows => '
topic: appointments
visitor_limit: guest
calendar_status: TENTATIVE
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "respondBy": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_received"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | false
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_received"}', rows => '
channel: email
locale: ro
version: 2
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

{{#respondByWhen}}
Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
Vă păstrăm ora. Este aproape, așa că vă rugăm să veniți numai după ce v-am confirmat-o.
{{/respondByWhen}}
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: ro
version: 1
title: Am primit cererea dumneavoastră pentru {{when}}
body:
Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 2
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

{{#respondByWhen}}
We are keeping this time for you and will answer by {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
We are keeping this time for you. It is soon, so please come only once we have confirmed it.
{{/respondByWhen}}
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: We have received your request for {{when}}
body:
Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

We are keeping this time for you and will answer by {{respondByWhen}}.
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: sms
locale: ro
version: 2
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 2
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 2
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: am primit cererea dumneavoastră pentru {{when}}. Vă răspundem cel târziu {{respondByWhen}}.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 2
body: {{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: we have received your request for {{when}} and will answer by {{respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_booking_request_received.sql

-- source: reference/notify/message_booking_request_rejected.sql
-- The message booking_request_rejected: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_rejected"}', rows => '
topic: appointments
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,reason}
sample: {"endsAt": "2027-03-08T08:00:00Z", "reason": "Cabinetul este închis în acea zi.", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_rejected"}', rows => '
  channel  | route  | rank | is_default
  ---------+--------+------+-----------
  email    | letter | 1    | true
  whatsapp | alert  | 1    | false
  sms      | alert  | 2    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_rejected"}', rows => '
channel: email
locale: ro
version: 1
title: Nu putem confirma ora {{when}}
body:
Bună ziua, {{recipientName}},

Ne pare rău, nu putem confirma cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ne-ar bucura să găsim împreună o altă oră.{{#clinicPhone}} Ne găsiți la {{clinicPhone}}.{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: We cannot confirm {{when}}
body:
Hello {{recipientName}},

We are sorry, we cannot confirm your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

We would be glad to find another time with you.{{#clinicPhone}} You can reach us at {{clinicPhone}}.{{/clinicPhone}}

Warm regards,
{{clinicName}}

==========
channel: sms
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: sms
locale: en
version: 1
body: {{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: ro
version: 1
body: {{clinicName}}: ne pare rău, nu putem confirma ora {{when}}. Vă rugăm să alegeți o altă oră.{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}
==========
channel: whatsapp
locale: en
version: 1
body: {{clinicName}}: we are sorry, we cannot confirm {{when}}. Please choose another time.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}
');
-- end of source: reference/notify/message_booking_request_rejected.sql

-- source: reference/notify/message_booking_request_to_review.sql
-- The message booking_request_to_review: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_to_review"}', rows => '
topic: clinic
visitor_limit: front_desk
expires_with: respondBy
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,respondBy,guestName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "guestName": "Maria Ionescu", "respondBy": "2027-03-02T10:00:00Z", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_to_review"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_to_review"}', rows => '
channel: email
locale: ro
version: 2
title: Cerere nouă de programare: {{when}}
body:
Bună ziua,

Un vizitator al paginii de programări a cerut o programare:

{{serviceName}}
{{specialistName}}
{{when}}

Numele, așa cum l-a scris vizitatorul (neverificat): „{{guestName}}”

Ora rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.

==========
channel: email
locale: ro
version: 1
title: Cerere nouă de programare: {{when}}
body:
Bună ziua,

{{guestName}} a cerut o programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora rămâne rezervată până {{respondByWhen}}. Dacă nu răspundeți până atunci, cererea expiră și ora se eliberează.

==========
channel: email
locale: en
version: 2
title: New booking request: {{when}}
body:
Hello,

A visitor of the booking page has asked for an appointment:

{{serviceName}}
{{specialistName}}
{{when}}

The name, as the visitor typed it (not verified): "{{guestName}}"

The time is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.

==========
channel: email
locale: en
version: 1
title: New booking request: {{when}}
body:
Hello,

{{guestName}} has asked for an appointment:

{{serviceName}}
{{specialistName}}
{{when}}

The time is kept until {{respondByWhen}}. If nobody answers by then, the request expires and the time becomes free.

');
-- end of source: reference/notify/message_booking_request_to_review.sql

-- source: reference/notify/message_booking_request_withdrawn.sql
-- The message booking_request_withdrawn: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_withdrawn"}', rows => '
topic: appointments
visitor_limit: guest
calendar_status: CANCELLED
urgent_within: 12:00:00
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_withdrawn"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_withdrawn"}', rows => '
channel: email
locale: ro
version: 1
title: Cererea dumneavoastră pentru {{when}} este retrasă
body:
Bună ziua, {{recipientName}},

Ați retras cererea de programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora este din nou liberă. Nu mai aveți nimic de făcut.
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Your request for {{when}} is withdrawn
body:
Hello {{recipientName}},

You have withdrawn your booking request:

{{serviceName}}
{{specialistName}}
{{when}}

The time is free again. There is nothing more for you to do.
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}

');
-- end of source: reference/notify/message_booking_request_withdrawn.sql

-- source: reference/notify/message_booking_request_withdrawn_by_guest.sql
-- The message booking_request_withdrawn_by_guest: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "booking_request_withdrawn_by_guest"}', rows => '
topic: clinic
visitor_limit: front_desk
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,guestName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "guestName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "booking_request_withdrawn_by_guest"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "booking_request_withdrawn_by_guest"}', rows => '
channel: email
locale: ro
version: 1
title: Cerere retrasă: {{when}}
body:
Bună ziua,

{{guestName}} și-a retras cererea de programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora este din nou liberă.

==========
channel: email
locale: en
version: 1
title: Request withdrawn: {{when}}
body:
Hello,

{{guestName}} has withdrawn the booking request:

{{serviceName}}
{{specialistName}}
{{when}}

The time is free again.

');
-- end of source: reference/notify/message_booking_request_withdrawn_by_guest.sql

-- source: reference/notify/message_member_invited.sql
-- The message member_invited: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "member_invited"}', rows => '
topic: clinic
lasts: 14 days
variables: {invitedAddress}
sample: {"invitedAddress": "ana.ionescu@example.com"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "member_invited"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "member_invited"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} vă invită în echipă
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă invită să lucrați împreună pe RestartiX.

Intrați în cont, sau faceți-vă unul, cu adresa {{invitedAddress}} și acceptați invitația. Ea este valabilă 14 zile și numai pentru această adresă.

Până când o acceptați, clinica nu află nimic despre dumneavoastră. Dacă nu cunoașteți clinica, puteți refuza invitația sau o puteți lăsa să expire.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} invites you to its team
body:
Hello {{recipientName}},

{{clinicName}} invites you to work together on RestartiX.

Sign in, or make an account, with the address {{invitedAddress}} and accept the invitation. It is good for 14 days, and for this address only.

Until you accept it, the clinic learns nothing about you. If you do not know the clinic, you may decline the invitation or let it expire.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

');
-- end of source: reference/notify/message_member_invited.sql

-- source: reference/notify/message_moves.sql
-- Which report of a vendor moves a message from where to where. FND-15. A report without a move from the present state
-- changes nothing: it came late, or says less than is known.

select app_private.own_rows('app_private.message_moves', rows => '
  report          | from_state | to_state  | unless_reported
  ----------------+------------+-----------+----------------
  bounced         | delivered  | bounced   |
  bounced         | sent       | bounced   |
  bounced_for_now | sent       | bounced   | delivered
  delivered       | bounced    | delivered | bounced
  delivered       | sent       | delivered |
  failed          | sent       | failed    |
  read            | delivered  | read      |
  read            | sent       | read      |
');
-- end of source: reference/notify/message_moves.sql

-- source: reference/notify/message_organization_activated.sql
-- The message organization_activated: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "organization_activated"}', rows => '
topic: clinic
lasts: 2 days
variables: {clinicSlug}
sample: {"clinicSlug": "atlas-recuperare"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "organization_activated"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "organization_activated"}', rows => '
channel: email
locale: ro
version: 1
title: Bine ați venit pe RestartiX, {{clinicName}}
body:
Bună ziua, {{recipientName}},

{{clinicName}} este acum publică: pacienții o găsesc la adresa „{{clinicSlug}}” și pot cere programări.

Ce urmează: adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: Welcome to RestartiX, {{clinicName}}
body:
Hello {{recipientName}},

{{clinicName}} is public now: patients find it under "{{clinicSlug}}" and can ask for appointments.

What comes next: add your specialists, services and calendars, then invite your colleagues.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}} este publică
body: Pacienții găsesc clinica la adresa „{{clinicSlug}}” și pot cere programări. Adăugați specialiștii, serviciile și calendarele, apoi invitați-vă colegii.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}} is public
body: Patients find the clinic under "{{clinicSlug}}" and can ask for appointments. Add your specialists, services and calendars, then invite your colleagues.
');
-- end of source: reference/notify/message_organization_activated.sql

-- source: reference/notify/message_patient_invited.sql
-- The message patient_invited: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "patient_invited"}', rows => '
topic: appointments
lasts: 14 days
variables: {invitedAddress}
sample: {"invitedAddress": "maria.ionescu@example.com"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "patient_invited"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "patient_invited"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: contul dumneavoastră de pacient
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă invită să vă vedeți programările în propriul cont.

Intrați în cont, sau faceți-vă unul, cu adresa {{invitedAddress}} și acceptați invitația. Ea este valabilă 14 zile și numai pentru această adresă.

Până când o acceptați, clinica nu află nimic nou despre dumneavoastră. Dacă nu cunoașteți clinica, puteți refuza invitația sau o puteți lăsa să expire.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: your patient account
body:
Hello {{recipientName}},

{{clinicName}} invites you to see your appointments in an account of your own.

Sign in, or make an account, with the address {{invitedAddress}} and accept the invitation. It is good for 14 days, and for this address only.

Until you accept it, the clinic learns nothing new about you. If you do not know the clinic, you may decline the invitation or let it expire.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

');
-- end of source: reference/notify/message_patient_invited.sql

-- source: reference/notify/message_topics.sql
-- What people may choose to hear about. FND-15.

select app_private.own_rows('app_public.message_topics', rows => '
  key          | kind          | name                              | name_ro
  -------------+---------------+-----------------------------------+-----------------------------------
  appointments | transactional | Appointments and booking requests | Programări și cereri de programare
  clinic       | transactional | Work at the clinic                | Activitatea clinicii
  news         | marketing     | News and offers                   | Noutăți și oferte
');
-- end of source: reference/notify/message_topics.sql

-- source: reference/notify/message_transitions.sql
-- What becomes of a message to somebody. FND-15.
-- An empty from_state is creation. docs/state-machines/messages.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "messages"}', rows => '
  from_state | to_state   | actor
  -----------+------------+-------
             | queued     | system
             | skipped    | system
             | suppressed | system
  queued     | sent       | system
  queued     | delivered  | system
  queued     | skipped    | system
  queued     | suppressed | system
  queued     | failed     | system
  sent       | delivered  | system
  sent       | read       | system
  sent       | failed     | system
  sent       | bounced    | system
  delivered  | read       | system
  delivered  | bounced    | system
  bounced    | delivered  | system
');
-- end of source: reference/notify/message_transitions.sql

-- source: reference/notify/notifications.sql
-- Who consumes events to write to people, and which it hears. FND-14, FND-15.

select app_private.own_rows('app_private.event_consumers', rows => '
  name          | description
  --------------+-------------------------------------------------------------
  notifications | Writes to guests, patients and the clinic about requests and appointments.
');

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name
  ---------------------------
  appointment.booked
  appointment.cancelled
  appointment.patient_changed
  booking_request.confirmed
  booking_request.expired
  booking_request.received
  booking_request.rejected
  booking_request.withdrawn
  organization.activated
');
-- end of source: reference/notify/notifications.sql

-- source: reference/notify/visitor_limits.sql
-- How much visitors can cause in an hour and in a day. FND-35. visitor, address: booking requests, whatever became of
-- them, at all clinics. The others are messages to one mailbox or telephone: from one clinic, and _of_platform from all
-- that send through the platform's account. What an operator changed under attack stands until this file changes.

select app_private.own_rows('app_private.visitor_limits', rows => '
  name                   | per_hour | per_day
  -----------------------+----------+--------
  address                | 100      | 300
  front_desk             | 30       | 150
  front_desk_of_platform | 60       | 300
  guest                  | 6        | 15
  guest_of_platform      | 12       | 30
  visitor                | 10       | 30
');
-- end of source: reference/notify/visitor_limits.sql

-- source: reference/organizations/organization_events.sql
-- What is published about clinics. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization"}', rows => '
name: organization.activated
version: 1
description: A clinic opened to the public.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug"],
 "properties": {
   "slug": {"type": "string"}}}
==========
name: organization.created
version: 1
description: A clinic was registered, still a draft.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug"],
 "properties": {
   "slug": {"type": "string"}}}
');
-- end of source: reference/organizations/organization_events.sql

-- source: reference/patients/legal_ages.sql
-- Ages that the law sets. confirmed_by: who confirmed it as counsel. FND-07.

select app_private.own_rows('app_private.legal_ages', rows => '
  rule           | years | confirmed_by | citation
  ---------------+-------+--------------+-------------------------------------------------------------
  caregiver_ends | 18    |              | Law 95/2006: medical consent in one''s own name from 18
  own_account    | 16    |              | GDPR art. 8 as applied in Romania: consent to online services from 16
');
-- end of source: reference/patients/legal_ages.sql

-- source: reference/patients/patient_events.sql
-- What is published about patients. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient"}', rows => '
name: patient.merge_undone
version: 1
description: Two patients who were merged are two again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.merged
version: 1
description: Two patients of a clinic were one person, and are one patient now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "mergedPatientId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "mergedPatientId": {"type": "string", "format": "uuid"}}}
==========
name: patient.onboarded
version: 1
description: A person became a patient of a clinic.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["patientId", "patientProfileId"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/patients/patient_events.sql

-- source: reference/providers/integration_events.sql
-- What is published about clinics' accounts at vendors. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization_integration"}', rows => '
name: integration.added
version: 1
description: A clinic entered an account of its own at a vendor.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
==========
name: integration.changed
version: 1
description: Name, settings or keys of an integration were changed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["credentialsChanged"],
 "properties": {
   "credentialsChanged": {"type": "boolean"}}}
==========
name: integration.disabled
version: 1
description: An integration is not used any more: the vendor refuses its keys, or somebody switched it off.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["reason"],
 "properties": {
   "reason": {"enum": ["credentials_refused", "by_staff"], "type": "string"}}}
==========
name: integration.enabled
version: 1
description: An integration is used again.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
==========
name: integration.removed
version: 1
description: A clinic took an account out; its keys are gone.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
');
-- end of source: reference/providers/integration_events.sql

-- source: reference/providers/integration_transitions.sql
-- When a clinic's account at a vendor is used. FND-23.
-- An empty from_state is creation. docs/state-machines/organization_integrations.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "organization_integrations"}', rows => '
  from_state | to_state | actor  | permission          | event                | quiet_because
  -----------+----------+--------+---------------------+----------------------+---------------------------------------------------
             | active   | staff  | integrations.manage | integration.added    | The clinic''s own staff did it.
  active     | disabled | staff  | integrations.manage | integration.disabled | The list of integrations shows it with its reason.
  active     | disabled | system |                     | integration.disabled | The list of integrations shows it with its reason.
  disabled   | active   | staff  | integrations.manage | integration.enabled  | The clinic''s own staff did it.
');
-- end of source: reference/providers/integration_transitions.sql

-- source: reference/providers/platform_service_providers.sql
-- Which vendor can serve which capability. FND-22. What is offered, what serves whoever chose nothing, and where the
-- platform has an account, a superadmin sets afterwards: a row has it from here only when it is new.

select app_private.own_rows('app_public.platform_service_providers', given_once => '{is_default, is_offered, has_platform_account}', rows => '
  capability     | provider | is_default | is_offered | has_platform_account
  ---------------+----------+------------+------------+---------------------
  email          | ses      | false      | true       | false
  email          | smtp     | true       | true       | true
  exercise_video | bunny    | true       | false      | true
  invoicing      | fgo      | false      | true       | false
  invoicing      | manual   | true       | true       | true
  payment        | manual   | true       | true       | true
  payment        | stripe   | false      | true       | false
  push           | web_push | true       | false      | true
  sms            | twilio   | true       | true       | true
  storage        | s3       | true       | false      | true
  video          | daily    | true       | true       | true
  whatsapp       | twilio   | true       | true       | true
');
-- end of source: reference/providers/platform_service_providers.sql

-- source: reference/providers/service_capabilities.sql
-- What vendors can do for clinics and the platform; what is not built is refused. FND-22.

select app_private.own_rows('app_public.service_capabilities', rows => '
  key             | is_built | description
  ----------------+----------+------------------------------------------
  clinic_payout   | false    | What the platform passes on to the clinic
  email           | true     | Mails to patients and staff
  exercise_video  | true     | Exercise videos
  invoicing       | true     | Invoices to the clinic
  patient_payment | false    | What patients pay the clinic
  payment         | true     | What the clinic pays the platform
  push            | true     | Notices in the browser
  sms             | true     | Text messages
  storage         | true     | Files
  video           | true     | Video appointments
  whatsapp        | true     | WhatsApp messages by approved templates
');
-- end of source: reference/providers/service_capabilities.sql

-- source: reference/providers/service_providers.sql
-- Vendors, and what a clinic enters to use an account of its own there. FND-22, FND-23.
-- kind: how a value is read; secret and password are sealed. destination: a change of it makes the keys be entered anew.

select app_private.own_rows('app_public.service_providers', rows => '
key: bunny
name: Bunny Stream
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "Library API key", "labelRo": "Cheie API a bibliotecii", "required": true},
  {"kind": "secret", "name": "tokenKey", "label": "Token authentication key", "labelRo": "Cheie de autentificare", "required": true}]
settings_fields: [
  {"kind": "text", "name": "libraryId", "label": "Library ID", "labelRo": "ID bibliotecă", "required": true, "destination": true},
  {"kind": "text", "name": "pullZone", "label": "Pull zone", "labelRo": "Zonă de distribuție", "required": true, "destination": true}]
==========
key: daily
name: Daily.co
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "API key", "labelRo": "Cheie API", "required": true}]
settings_fields: [
  {"kind": "text", "name": "domain", "label": "Domain", "labelRo": "Domeniu", "required": true, "destination": true}]
==========
key: fgo
name: FGO
credential_fields: [
  {"kind": "secret", "name": "privateKey", "label": "Private key", "labelRo": "Cheie privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "companyCode", "label": "Tax code of the company", "labelRo": "Cod unic de înregistrare", "required": true, "destination": true},
  {"kind": "text", "name": "invoiceSeries", "label": "Invoice series", "labelRo": "Serie facturi", "required": true, "destination": false}]
==========
key: manual
name: By hand
credential_fields: []
settings_fields: []
==========
key: s3
name: Amazon S3 or compatible
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "bucket", "label": "Bucket", "labelRo": "Bucket", "required": true, "destination": true},
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "url", "name": "endpoint", "label": "Endpoint, if not Amazon", "labelRo": "Adresa serviciului, dacă nu este Amazon", "required": false, "destination": true}]
==========
key: ses
name: Amazon SES
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Verified sender", "labelRo": "Expeditor verificat", "required": true, "destination": true},
  {"kind": "text", "name": "configurationSet", "label": "Configuration set", "labelRo": "Set de configurare", "required": false, "destination": false}]
==========
key: smtp
name: SMTP
credential_fields: [
  {"kind": "text", "name": "username", "label": "User name", "labelRo": "Utilizator", "required": true},
  {"kind": "password", "name": "password", "label": "Password", "labelRo": "Parolă", "required": true}]
settings_fields: [
  {"kind": "text", "name": "host", "label": "Server", "labelRo": "Server", "required": true, "destination": true},
  {"kind": "integer", "name": "port", "label": "Port", "labelRo": "Port", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Sender", "labelRo": "Expeditor", "required": true, "destination": true}]
==========
key: stripe
name: Stripe
credential_fields: [
  {"kind": "secret", "name": "secretKey", "label": "Secret key", "labelRo": "Cheie secretă", "required": true},
  {"kind": "secret", "name": "webhookSecret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": true}]
settings_fields: []
==========
key: twilio
name: Twilio
credential_fields: [
  {"kind": "text", "name": "accountSid", "label": "Account SID", "labelRo": "Account SID", "required": true},
  {"kind": "secret", "name": "authToken", "label": "Auth token", "labelRo": "Auth token", "required": true}]
settings_fields: [
  {"kind": "text", "name": "smsSender", "label": "SMS sender (number or name)", "labelRo": "Expeditor SMS (număr sau nume)", "required": false, "destination": true},
  {"kind": "phone", "name": "whatsappSender", "label": "WhatsApp number", "labelRo": "Număr WhatsApp", "required": false, "destination": true},
  {"kind": "text", "name": "messagingServiceSid", "label": "Messaging service SID", "labelRo": "SID serviciu de mesaje", "required": false, "destination": true}]
==========
key: web_push
name: Web Push
credential_fields: [
  {"kind": "secret", "name": "vapidPrivateKey", "label": "VAPID private key", "labelRo": "Cheie VAPID privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "vapidPublicKey", "label": "VAPID public key", "labelRo": "Cheie VAPID publică", "required": true, "destination": true}]
');
-- end of source: reference/providers/service_providers.sql

-- source: reference/providers/webhook_receipt_transitions.sql
-- What becomes of a call that a vendor makes; one that failed or was processed may be taken up again. FND-25.
-- An empty from_state is creation. docs/state-machines/webhook_receipts.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "webhook_receipts"}', rows => '
  from_state | to_state  | actor
  -----------+-----------+-------
             | received  | system
  received   | processed | system
  received   | failed    | system
  processed  | received  | system
  failed     | received  | system
');
-- end of source: reference/providers/webhook_receipt_transitions.sql

-- source: reference/scheduling/time_claim_events.sql
-- What is published about times that visitors keep. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "time_claim"}', rows => '
name: slot.held
version: 1
description: A visitor keeps a time while filling the form.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": ["string", "null"], "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"}}}
==========
name: slot.released
version: 1
description: A kept time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": ["string", "null"], "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/scheduling/time_claim_events.sql

-- source: reference/secrets/data_key_transitions.sql
-- The life of a data key: a retiring one only opens, a retired one is gone. FND-11.
-- An empty from_state is creation. docs/state-machines/data_keys.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "data_keys"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | active   | system
  active     | retiring | system
  retiring   | retired  | system
');
-- end of source: reference/secrets/data_key_transitions.sql

select app_private.write_owned_rows();
