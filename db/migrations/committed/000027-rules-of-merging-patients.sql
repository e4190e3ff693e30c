--! Previous: sha1:d477f2a85a9e3a5e221187699a192e249053daf5
--! Hash: sha1:d07434a1011ec68a20d10893fa1b30eeb01aec02
--! Message: rules of merging patients

--! split: 200-merge_rules.sql
-- What each table that names a patient does when two patients are merged is said by the table. FND-34.

-- squawk-ignore ban-drop-table
drop table if exists app_private.merge_rules;

create table app_private.merge_rules (
  table_name text not null references app_private.classified_tables on delete restrict,
  column_name text not null,
  rule text not null,
  reason text,
  merge_function text,
  primary key (table_name, column_name),
  constraint merge_rules_rule_is_known check (rule in ('moves', 'follows', 'stays', 'calls')),
  constraint merge_rules_call_a_function check ((rule = 'calls') = (merge_function is not null)),
  constraint merge_rules_say_why_rows_stay check ((rule = 'stays') = (reason is not null)),
  constraint merge_rules_reason_is_told check (length(btrim(reason)) between 10 and 500)
);
comment on table app_private.merge_rules is
  'What merge_patients() does with the rows of a table that name the duplicate; written by on_merge(), from the table''s policy file.';
comment on column app_private.merge_rules.column_name is 'The column that names a patient.';
comment on column app_private.merge_rules.rule is
  'moves: to the patient who is kept; follows: by a key with the row that it belongs to, if there is one; stays: as it is; calls: what the function does.';
comment on column app_private.merge_rules.reason is 'Why rows stay.';
comment on column app_private.merge_rules.merge_function is 'The function of app_private that decides about the rows, named on_merge_….';

comment on table app_private.event_consumers is
  'Who is told about events; each has a handler in the file of this name in tasks/consumers.';

-- What earlier merges moved is written as the rows were: key, and each column that changed. A merge that is undone needs
-- none of it, and is written alike.
set local role app_engine;
update app_public.patient_merges set moved = (
  select coalesce(jsonb_object_agg(written.key, written.rows), '{}')
  from (
    select named.key,
           (select jsonb_agg(
              jsonb_build_object('patient_profile_id', patient_merges.merged_profile_id)
              || case jsonb_typeof(entry) when 'string' then jsonb_build_object('id', entry)
                   else jsonb_build_object('id', entry -> 'id', 'ends_on', entry -> 'endsOn') end)
            from jsonb_array_elements(patient_merges.moved -> named.before) as entry) as rows
    from (values
      ('appointments', 'app_public.appointments.patient_profile_id'),
      ('messages', 'app_public.messages.patient_profile_id'),
      ('caregivers', 'app_public.caregivers.patient_profile_id'),
      ('notificationPreferences', 'app_public.notification_preferences.patient_profile_id'),
      ('quietHours', 'app_public.quiet_hours.patient_profile_id')) as named (before, key)
    union all
    select 'app_private.caregiver_evidence.patient_profile_id',
           (select jsonb_agg(jsonb_build_object(
              'organization_id', caregiver_evidence.organization_id,
              'caregiver_id', caregiver_evidence.caregiver_id,
              'patient_profile_id', patient_merges.merged_profile_id))
            from jsonb_array_elements(patient_merges.moved -> 'caregivers') as entry
            join app_private.caregiver_evidence on caregiver_evidence.caregiver_id = (entry ->> 'id')::uuid)
  ) as written
  where written.rows is not null)
where patient_merges.moved ? 'appointments';
reset role;

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/classification/classify.sql
-- Registers what a table holds and where its rows are at home: the first call in its policy file. FND-12, FND-08, SCA-01.
-- Run by migrations only, so it replaces what was said before and refuses a column that does not exist.

create or replace function app_private.classify(
  table_name text,
  home text,
  retention text,
  classes jsonb,
  person_column text default null,
  unaudited text default null,
  protected jsonb default '{}',
  kept jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_unknown text;
begin
  select named.column_name into v_unknown
  from (
    select jsonb_array_elements_text(given.columns) as column_name
    from jsonb_each(classify.classes) as given (class, columns)
    union all
    select jsonb_array_elements_text(given.columns)
    from jsonb_each(classify.protected || classify.kept) as given (key, columns)
    union all
    select classify.person_column where classify.person_column is not null
  ) as named
  where not exists (
    select from pg_catalog.pg_attribute
    where attrelid = classify.table_name::regclass and attname = named.column_name and attnum > 0 and not attisdropped
  );
  if v_unknown is not null then
    raise exception 'classify: % has no column %', classify.table_name, v_unknown;
  end if;

  delete from app_private.classified_columns where classified_columns.table_name = classify.table_name;
  -- retain() and on_merge() come after it, in the same file: a rule that is no longer there ends.
  delete from app_private.retention_rules where retention_rules.table_name = classify.table_name;
  delete from app_private.merge_rules where merge_rules.table_name = classify.table_name;
  insert into app_private.classified_tables (table_name, home, retention, person_column, unaudited)
  values (classify.table_name, classify.home, classify.retention, classify.person_column, classify.unaudited)
  on conflict on constraint classified_tables_pkey do update
    set home = excluded.home, retention = excluded.retention, person_column = excluded.person_column, unaudited = excluded.unaudited;
  insert into app_private.classified_columns (table_name, column_name, class, retention, protection)
  select classify.table_name, named.column_name, given.class, coalesce(kept.retention, classify.retention), guarded.protection
  from jsonb_each(classify.classes) as given (class, columns)
  cross join lateral jsonb_array_elements_text(given.columns) as named (column_name)
  left join jsonb_each(classify.protected) as guarded (protection, columns) on guarded.columns ? named.column_name
  left join jsonb_each(classify.kept) as kept (retention, columns) on kept.columns ? named.column_name;
  perform audit.follow(classify.table_name);
end;
$$;

comment on function app_private.classify is
  'Registers a table: its home (clinic, person, platform or cell), its retention, columns by class ({"pii_basic": '
  '["email"]}), the column that names the person it is about, the reason if no audit follows it, how columns of an '
  'encrypted class are protected ({"digest": ["token_hash"]} or "ciphertext"), and which columns are kept for another time '
  'than their row ({"operations": ["address"]}). Every column of the table must be named. Attaches the audit to the table, '
  'or takes it off.';
-- end of source: functions/classification/classify.sql

-- source: functions/core/camel_case.sql
-- A name of the database as the API writes it: contact_phone is contactPhone. FND-29.

create or replace function app_private.camel_case(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return lower(left(name, 1)) || substr(replace(initcap(name), '_', ''), 2);

comment on function app_private.camel_case is 'The name of a column or of a thing as the API writes it.';
grant execute on function app_private.camel_case to app_engine;
-- end of source: functions/core/camel_case.sql

-- source: functions/facts/tg_read_facts.sql
-- The one way in for telephone numbers, addresses and names, whoever writes them: a form, a verb, an import. A table
-- declares its columns in the arguments of its trigger, kind and column; a lint looks for columns that are of such a kind
-- and declared nowhere. What did not change is not read again, so that a rule that grew stricter stops nobody from
-- changing something else. FND-07, FND-34.
-- A person is a name that goes into mails to whoever is written to, so it holds no link. An account's name is none of
-- these: it comes from the identity provider, who must not be kept from signing somebody in, and greets only themselves.

set role app_engine;

create or replace function app_private.tg_read_facts() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
  v_read jsonb := '{}';
  v_kind text;
  v_column text;
  v_field text;
  v_value text;
  v_problem text;
begin
  for i in 0 .. tg_nargs - 1 loop
    v_kind := split_part(tg_argv[i], ' ', 1);
    v_column := split_part(tg_argv[i], ' ', 2);
    v_value := v_new ->> v_column;
    continue when v_value is null or v_value = v_old ->> v_column;
    v_field := app_private.camel_case(v_column);
    v_problem := null;
    case v_kind
      when 'name' then
        v_value := app_hidden.read_name(v_value);
      when 'person' then
        v_value := app_hidden.read_name(v_value);
        perform app_private.require_no_link(v_field, v_value);
      when 'email' then
        select reading.address, reading.problem into v_value, v_problem from app_hidden.read_email(v_value) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_email(v_problem, v_field);
        end if;
      when 'phone' then
        select reading.number, reading.problem into v_value, v_problem
        from app_hidden.read_phone(
          v_value,
          coalesce(v_new ->> 'country',
                   app_private.home_region(tg_table_name, (v_new ->> 'organization_id')::uuid, (v_new ->> 'id')::uuid))) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_phone(v_problem, v_field);
        end if;
    end case;
    v_read := v_read || jsonb_build_object(v_column, v_value);
  end loop;
  return jsonb_populate_record(new, v_read);
end;
$$;

comment on function app_private.tg_read_facts is
  'Reads the columns named in its arguments ("phone contact_phone", "email …", "name …", "person …") as people write them, or refuses '
  'with VALIDATION, the reason and the field. Trigger _050_read_facts.';

reset role;
-- end of source: functions/facts/tg_read_facts.sql

-- source: functions/core/key_columns.sql
-- The columns of a table's primary key, by which rows are told apart whatever the table.

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
grant execute on function app_private.key_columns to app_engine;
-- end of source: functions/core/key_columns.sql

-- source: functions/patients/places_taken_query.sql
-- Which rows of the duplicate cannot move, since the patient who is kept has their place in a unique key: both were told of
-- one thing, both chose how to be told of one topic. FND-34.
-- Asked of the keys as they are, so a table has nothing to say about it. Each row of the duplicate is written as it would
-- be, generated columns too; then the values of a key are compared as one, in which nulls are alike. Where the key
-- takes nulls apart, a row with one of them is in nobody's way.

create or replace function app_private.places_taken_query(table_name text, column_name text, home text) returns text
language sql stable
set search_path = ''
as $$
  with columns as (
    select pg_attribute.attnum, pg_attribute.attname, pg_attribute.attgenerated <> '' as is_generated,
           pg_catalog.pg_get_expr(pg_attrdef.adbin, pg_attrdef.adrelid) as expression
    from pg_catalog.pg_attribute
    left join pg_catalog.pg_attrdef on pg_attrdef.adrelid = pg_attribute.attrelid and pg_attrdef.adnum = pg_attribute.attnum
    where pg_attribute.attrelid = places_taken_query.table_name::regclass and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
  ),
  row_to_be as (
    select format('(select written.*%s from (select %s from %s as now where now.%I = $2 and %s) as written)',
      string_agg(format(', %s as %I', columns.expression, columns.attname), '') filter (where columns.is_generated),
      string_agg(case when columns.attname = places_taken_query.column_name then format('$1 as %I', columns.attname)
                   else format('now.%I', columns.attname) end, ', ') filter (where not columns.is_generated),
      places_taken_query.table_name::regclass, places_taken_query.column_name,
      case places_taken_query.home when 'clinic' then 'now.organization_id = $3' else 'true' end) as query
    from columns
  ),
  keys as (
    select pg_index.indisprimary, pg_index.indnullsnotdistinct,
           (select string_agg(pg_catalog.pg_get_indexdef(pg_index.indexrelid, place, false), ', ' order by place)
            from generate_series(1, pg_index.indnkeyatts) as place) as parts,
           coalesce(pg_catalog.pg_get_expr(pg_index.indpred, pg_index.indrelid), 'true') as condition,
           exists (
             select from unnest(pg_index.indkey) as part (attnum)
             left join columns on columns.attnum = part.attnum
             where part.attnum = 0 or columns.is_generated or columns.attname = places_taken_query.column_name
           ) as may_name_the_patient
    from pg_catalog.pg_index
    where pg_index.indrelid = places_taken_query.table_name::regclass and pg_index.indisunique
  ),
  primary_key as (select keys.parts from keys where keys.indisprimary)
  select coalesce(
    string_agg(
      format(
        'select %1$s from (select %1$s, row(%2$s) as place from %3$s as own where %4$s) as would_be
         join (select row(%2$s) as place from %5$s as own where own.%6$I = $1 and %7$s and (%4$s)) as taken on taken.place = would_be.place
         where %8$s',
        primary_key.parts, keys.parts, row_to_be.query, keys.condition,
        places_taken_query.table_name::regclass, places_taken_query.column_name,
        case places_taken_query.home when 'clinic' then 'own.organization_id = $3' else 'true' end,
        case when keys.indnullsnotdistinct then 'true' else 'would_be.place is not null' end),
      ' union all ' order by keys.parts),
    (select format('select %s from %s where false', primary_key.parts, places_taken_query.table_name::regclass) from primary_key))
  from keys
  cross join row_to_be
  cross join primary_key
  where keys.may_name_the_patient
$$;

comment on function app_private.places_taken_query is
  'The query of the primary keys of rows that stay with the duplicate: $1 is the profile that is kept, $2 that of the '
  'duplicate, $3 the clinic.';
grant execute on function app_private.places_taken_query to app_engine;
-- end of source: functions/patients/places_taken_query.sql

-- source: functions/patients/move_on_merge.sql
-- What the duplicate has at a clinic goes to the patient who is kept: a step of merge_patients(), which holds the locks.
-- Every table has said by on_merge() what becomes of its rows. Names of tables and columns come from there and from the
-- catalog, so nothing that a caller says becomes SQL. FND-34.

create or replace function app_private.move_on_merge(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_to_move text[];
  v_step record;
  v_rows jsonb;
  v_moved jsonb := '{}';
begin
  -- Most patients have rows in few of the tables: a statement is written for these alone.
  execute (
    select format('select array(%s)', string_agg(
      format('select %L where exists (select from %s as theirs where theirs.%I = $1 and %s)',
        rules.table_name || '.' || rules.column_name, rules.table_name::regclass, rules.column_name,
        case tables.home when 'clinic' then 'theirs.organization_id = $2' else '$3' end),
      ' union all '))
    from app_private.merge_rules as rules
    join app_private.classified_tables as tables on tables.table_name = rules.table_name
    where rules.rule in ('moves', 'follows'))
  into strict v_to_move using duplicate.patient_profile_id, duplicate.organization_id, is_the_clinics_own;

  for v_step in
    select min(rules.table_name) as table_name, min(rules.column_name) as column_name, rules.merge_function, min(tables.home) as home
    from app_private.merge_rules as rules
    join app_private.classified_tables as tables on tables.table_name = rules.table_name
    where rules.rule = 'calls' or rules.table_name || '.' || rules.column_name = any (v_to_move)
    -- A function is called once, whatever the number of tables that name it.
    group by coalesce(rules.merge_function, rules.table_name || '.' || rules.column_name), rules.merge_function
    -- What follows has gone with the row that it belongs to; what belongs to none is left.
    order by bool_or(rules.rule = 'follows'), 1, 2
  loop
    if v_step.merge_function is not null then
      execute format('select app_private.%I($1, $2, $3)', v_step.merge_function)
      into strict v_rows using kept, duplicate, is_the_clinics_own;
      v_moved := v_moved || v_rows;
    else
      execute app_private.move_on_merge_query(v_step.table_name, v_step.column_name, v_step.home)
      into strict v_rows using kept.patient_profile_id, duplicate.patient_profile_id, kept.organization_id;
      v_moved := v_moved || jsonb_build_object(v_step.table_name || '.' || v_step.column_name, v_rows);
    end if;
  end loop;
  return (select coalesce(jsonb_object_agg(moved.key, moved.value), '{}') from jsonb_each(v_moved) as moved where moved.value <> '[]');
end;
$$;

comment on function app_private.move_on_merge is
  'Moves what the duplicate has, and says what moved: by schema.table.column, an array of rows, each with its primary key and '
  'the columns that changed, as they were.';
grant execute on function app_private.move_on_merge to app_engine;

-- $1 is the profile that is kept, $2 that of the duplicate, $3 the clinic.
create or replace function app_private.move_on_merge_query(table_name text, column_name text, home text) returns text
language sql stable
set search_path = ''
as $$
  select format(
    'with taken as materialized (%s),
     moved as (
       update %s as mine set %I = $1
       where mine.%I = $2 and %s and not exists (select from taken where (%s) = (%s))
       returning %s, old.%I
     )
     select coalesce(jsonb_agg(to_jsonb(moved)), ''[]'') from moved',
    app_private.places_taken_query(move_on_merge_query.table_name, move_on_merge_query.column_name, move_on_merge_query.home),
    move_on_merge_query.table_name::regclass, move_on_merge_query.column_name,
    move_on_merge_query.column_name,
    case move_on_merge_query.home when 'clinic' then 'mine.organization_id = $3' else 'true' end,
    primary_key.of_taken, primary_key.of_mine,
    primary_key.of_mine, move_on_merge_query.column_name)
  from (
    select string_agg(format('taken.%I', named), ', ') as of_taken, string_agg(format('mine.%I', named), ', ') as of_mine
    from unnest(app_private.key_columns(move_on_merge_query.table_name::regclass)) as key (named)
  ) as primary_key
$$;

comment on function app_private.move_on_merge_query is 'The statement that moves the rows of a table, and answers with them.';
grant execute on function app_private.move_on_merge_query to app_engine;
-- end of source: functions/patients/move_on_merge.sql

-- source: functions/patients/merge_patients.sql
-- Two patients of a clinic are one person: everything of the one at this clinic goes to the other, who is kept.
-- What becomes of the rows of each table is said by the table: app_private.on_merge(), in its policy file.
-- Locks: the clinic's people, then both patients, then both profiles, each pair in the order of ids; bookings hold their
-- patient for share, so those under way are waited for and move along. FND-34.

set role app_engine;

create or replace function app_public.merge_patients(patient_id uuid, duplicate_id uuid, reason text)
returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_person app_public.patient_profiles;
  v_other app_public.patient_profiles;
  v_is_the_clinics_own boolean;
  v_moved jsonb;
  v_merge app_public.patient_merges;
begin
  select patients.* into v_kept from app_public.patients where patients.id = merge_patients.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_kept.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);
  if patient_id = duplicate_id then
    perform app_hidden.refuse('VALIDATION', 'same_patient', '{"field": "duplicateId"}', 'Name two patients.');
  end if;

  perform app_private.lock_people(v_kept.organization_id);
  perform from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id in (merge_patients.patient_id, duplicate_id)
  order by patients.id
  for update;
  select patients.* into v_kept
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = v_kept.id and patients.deleted_at is null;
  select patients.* into v_duplicate
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = duplicate_id and patients.deleted_at is null;
  if v_kept.id is null or v_duplicate.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
  end if;

  perform from app_public.patient_profiles
  where patient_profiles.id in (v_kept.patient_profile_id, v_duplicate.patient_profile_id)
  order by patient_profiles.id
  for update;
  select patient_profiles.* into strict v_person from app_public.patient_profiles where patient_profiles.id = v_kept.patient_profile_id;
  select patient_profiles.* into strict v_other from app_public.patient_profiles where patient_profiles.id = v_duplicate.patient_profile_id;

  if v_person.human_id <> v_other.human_id then
    perform app_hidden.refuse(
      'CONFLICT', 'two_accounts', '{}', 'Both patients have an account of their own: whose record it is, they decide.');
  elsif v_person.human_id is null and v_other.human_id is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'account_would_be_lost', '{"field": "duplicateId"}', 'The other patient has an account: keep that one.');
  elsif v_person.birth_date <> v_other.birth_date then
    perform app_hidden.refuse(
      'CONFLICT', 'birth_dates_differ', '{}', 'They were born on two days. If one is a mistake, correct it first.');
  end if;

  -- What a clinic may decide for a person: nothing that another clinic, or the person themselves, also relies on.
  v_is_the_clinics_own := v_person.human_id is null and not exists (
    select from app_public.patients as elsewhere
    where elsewhere.patient_profile_id in (v_person.id, v_other.id) and elsewhere.organization_id <> v_kept.organization_id);
  v_moved := app_private.move_on_merge(v_kept, v_duplicate, v_is_the_clinics_own);

  insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved, merged_by)
  values (v_kept.organization_id, v_person.id, v_other.id, v_reason, v_moved, app_private.current_actor_id())
  returning * into v_merge;
  update app_public.patients set deleted_at = app_hidden.now() where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merged', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.merge_patients is
  'Two patients of the clinic are one person: what the duplicate has at the clinic goes to patientId, and the duplicate '
  'leaves the lists; name, address, number and birth date of patientId stay. Needs patients.merge and a reason; undoPatientMerge takes it back. '
  'CONFLICT two_accounts, account_would_be_lost, birth_dates_differ, caregivers_differ.';
grant execute on function app_public.merge_patients to app_member;

reset role;
-- end of source: functions/patients/merge_patients.sql

-- source: functions/patients/merge_rule_problem.sql
-- What is wrong with a rule of merging: asked when it is declared, and again by the lint of what stands. FND-34.

create or replace function app_private.merge_rule_problem(table_name text, column_name text, rule text) returns text
language sql stable
set search_path = ''
as $$
  with keys as (
    select pg_constraint.confrelid, pg_constraint.confupdtype, theirs.attname as refers_to
    from pg_catalog.pg_constraint
    cross join lateral unnest(pg_constraint.conkey, pg_constraint.confkey) as pair (own, theirs)
    join pg_catalog.pg_attribute as own on own.attrelid = pg_constraint.conrelid and own.attnum = pair.own
    join pg_catalog.pg_attribute as theirs on theirs.attrelid = pg_constraint.confrelid and theirs.attnum = pair.theirs
    where pg_constraint.conrelid = merge_rule_problem.table_name::regclass and own.attname = merge_rule_problem.column_name
  )
  select case
    when classified_tables.table_name is null then 'is of a table that is not classified'
    when pg_attribute.attnum is null then 'does not exist'
    when merge_rule_problem.rule not in ('moves', 'follows') then null
    when not exists (
      select from keys
      where (keys.confrelid, keys.refers_to) in
        (('app_public.patients'::regclass, 'patient_profile_id'), ('app_public.patient_profiles'::regclass, 'id'))
    ) then 'refers by no key to a patient''s profile'
    when classified_tables.home not in ('clinic', 'person') then 'is of a table that is at home with no clinic and no person'
    when classified_tables.home = 'clinic' and not exists (
      select from pg_catalog.pg_attribute as clinic
      where clinic.attrelid = pg_attribute.attrelid and clinic.attname = 'organization_id'
    ) then 'is of a clinic''s table without an organization_id'
    when app_private.key_columns(asked.table_name::regclass) is null then 'is of a table without a primary key'
    when pg_attribute.attname = any (app_private.key_columns(asked.table_name::regclass)) then 'is a part of the primary key'
    when merge_rule_problem.rule = 'follows' and not exists (
      select from keys
      join app_private.merge_rules as leader
        on leader.table_name::regclass = keys.confrelid and leader.column_name = keys.refers_to and leader.rule = 'moves'
      where keys.confupdtype = 'c'
    ) then 'has no key with on update cascade to a patient that moves'
  end
  from (select merge_rule_problem.table_name) as asked
  left join app_private.classified_tables on classified_tables.table_name = asked.table_name
  left join pg_catalog.pg_attribute
    on pg_attribute.attrelid = asked.table_name::regclass and pg_attribute.attname = merge_rule_problem.column_name
$$;

comment on function app_private.merge_rule_problem is
  'Why a rule of merging cannot be, in words that follow the name of the column; null when it can.';
-- end of source: functions/patients/merge_rule_problem.sql

-- source: functions/patients/on_merge.sql
-- A table says what a merge of two patients does with its rows: in its policy file, after classify(), once for each column
-- that names a patient. FND-34. Run by migrations only. It refuses a rule that could not be carried out.

create or replace function app_private.on_merge(table_name text, column_name text, rule text, reason text default null) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_problem constant text := app_private.merge_rule_problem(on_merge.table_name, on_merge.column_name, on_merge.rule);
begin
  if v_problem is not null then
    raise exception 'on_merge: %.% %', on_merge.table_name, on_merge.column_name, v_problem;
  end if;
  insert into app_private.merge_rules (table_name, column_name, rule, reason, merge_function)
  values (
    on_merge.table_name, on_merge.column_name,
    case when on_merge.rule in ('moves', 'follows', 'stays') then on_merge.rule else 'calls' end,
    on_merge.reason,
    case when on_merge.rule not in ('moves', 'follows', 'stays') then on_merge.rule end)
  on conflict on constraint merge_rules_pkey do update
    set rule = excluded.rule, reason = excluded.reason, merge_function = excluded.merge_function;
end;
$$;

comment on function app_private.on_merge is
  'Registers what merge_patients() does with rows that name the duplicate in this column. moves: they go to the patient who '
  'is kept, but for those whose place in a unique key is taken there; where the table is at home with a person, only while '
  'the clinic alone knows both. follows: likewise, after a key with on update cascade took along those that belong to a row '
  'that moves. stays: nothing, for the reason that is given. Anything else is the name of a function on_merge_…(kept app_public.patients, duplicate app_public.patients, '
  'is_the_clinics_own boolean) returns jsonb, which does what is to be done and answers as move_on_merge() does.';
-- end of source: functions/patients/on_merge.sql

-- source: functions/patients/on_merge_caregivers.sql
-- Who acts for the duplicate acts for the patient who is kept, with the evidence that was shown for it, as long as the
-- clinic alone may say so; otherwise a caregiver of the one alone refuses the merge. A minor's link ends on the eighteenth
-- birthday of the one who is kept. FND-34, FND-07.

create or replace function app_private.on_merge_caregivers(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_links jsonb;
  v_evidence jsonb;
begin
  if not is_the_clinics_own then
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = duplicate.patient_profile_id
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > v_today)
        and not exists (
          select from app_public.caregivers as known
          where known.patient_profile_id = kept.patient_profile_id and known.human_id = caregivers.human_id and known.revoked_at is null)
    ) then
      perform app_hidden.refuse(
        'CONFLICT', 'caregivers_differ', '{}',
        'Somebody cares for the one and not for the other. End that link, or let the person name the caregiver first.');
    end if;
    return '{}';
  end if;

  select app_private.caregiver_ends_on(patient_profiles.birth_date) into strict v_ends_on
  from app_public.patient_profiles
  where patient_profiles.id = kept.patient_profile_id;
  with moved as (
    update app_public.caregivers set
      patient_profile_id = kept.patient_profile_id,
      ends_on = case when v_ends_on > v_today then least(caregivers.ends_on, v_ends_on) else caregivers.ends_on end
    where caregivers.patient_profile_id = duplicate.patient_profile_id
      and not (caregivers.revoked_at is null and exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = kept.patient_profile_id and known.human_id = caregivers.human_id and known.revoked_at is null))
    returning caregivers.id, old.patient_profile_id, old.ends_on
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_links from moved;
  with moved as (
    update app_private.caregiver_evidence set patient_profile_id = kept.patient_profile_id
    from jsonb_to_recordset(v_links) as link (id uuid)
    where caregiver_evidence.caregiver_id = link.id
    returning caregiver_evidence.organization_id, caregiver_evidence.caregiver_id, old.patient_profile_id
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_evidence from moved;
  return jsonb_build_object(
    'app_public.caregivers.patient_profile_id', v_links, 'app_private.caregiver_evidence.patient_profile_id', v_evidence);
end;
$$;

comment on function app_private.on_merge_caregivers is
  'Moves caregiver links and their evidence, but for links that the one who is kept has. CONFLICT caregivers_differ.';
grant execute on function app_private.on_merge_caregivers to app_engine;
-- end of source: functions/patients/on_merge_caregivers.sql

-- source: functions/patients/on_merge_invitations.sql
-- An invitation is for one profile and stays with it; an open one is taken back, since it would open an account on a record
-- that has ended. The undo leaves it so: whoever is two again is invited again. FND-34.

create or replace function app_private.on_merge_invitations(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = duplicate.organization_id
    and invitations.patient_profile_id = duplicate.patient_profile_id
    and invitations.status = 'open';
  select '{}'::jsonb;
end;

comment on function app_private.on_merge_invitations is 'Takes back the open invitations of the duplicate at the clinic. Nothing moves.';
grant execute on function app_private.on_merge_invitations to app_engine;
-- end of source: functions/patients/on_merge_invitations.sql

-- source: functions/patients/take_back_moves.sql
-- What a merge moved goes back, each row as it was, while it is where the merge put it: a step of undo_patient_merge(), which
-- holds the locks. A row that is gone since, as old messages go, is not missed; one that went on stops everything. FND-34.

create or replace function app_private.take_back_moves(merge app_public.patient_merges) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_move record;
  v_table regclass;
  v_values text;
  v_same_row text;
  v_gone_on jsonb;
begin
  for v_move in
    select regexp_replace(moved.key, '\.\w+$', '') as table_name, substring(moved.key from '\w+$') as column_name, moved.value as rows
    from jsonb_each(merge.moved) as moved
    left join app_private.merge_rules as rules on rules.table_name || '.' || rules.column_name = moved.key
    order by rules.rule = 'follows', moved.key
  loop
    v_table := v_move.table_name::regclass;
    select string_agg(format('%1$I = was.%1$I', written.name), ', ') filter (where not written.is_key),
           string_agg(format('mine.%1$I = was.%1$I', written.name), ' and ') filter (where written.is_key)
    into v_values, v_same_row
    from (
      select named.name, named.name = any (app_private.key_columns(v_table)) as is_key
      from jsonb_object_keys(v_move.rows -> 0) as named (name)
    ) as written;

    execute format(
      'update %1$s as mine set %2$s from jsonb_populate_recordset(null::%1$s, $1) as was where %3$s and mine.%4$I = $2',
      v_table, v_values, v_same_row, v_move.column_name)
    using v_move.rows, merge.patient_profile_id;
    execute format(
      'select jsonb_agg(to_jsonb(mine)) from jsonb_populate_recordset(null::%1$s, $1) as was
       join %1$s as mine on %2$s
       where mine.%3$I <> was.%3$I',
      v_table, v_same_row, v_move.column_name)
    into v_gone_on using v_move.rows;
    if v_gone_on is not null then
      perform app_private.refuse_moved_since(split_part(v_move.table_name, '.', 2), v_gone_on);
    end if;
  end loop;
end;
$$;

comment on function app_private.take_back_moves is
  'Puts back what move_on_merge() said it moved. CONFLICT moved_since names what went on to somebody else.';
grant execute on function app_private.take_back_moves to app_engine;

create or replace function app_private.refuse_moved_since(entity text, rows jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'moved_since',
    jsonb_build_object(
      app_private.camel_case(regexp_replace(refuse_moved_since.entity, 's$', '_ids')),
      (select jsonb_agg(gone_on.value -> 'id' order by gone_on.value -> 'id') from jsonb_array_elements(refuse_moved_since.rows) as gone_on)),
    format('Some %s of the merge moved to somebody else since: move them back first.', replace(refuse_moved_since.entity, '_', ' ')));
end;
$$;

comment on function app_private.refuse_moved_since is
  'Refuses to undo a merge, and names the rows that went on: appointments by appointmentIds.';
grant execute on function app_private.refuse_moved_since to app_engine;
-- end of source: functions/patients/take_back_moves.sql

-- source: functions/patients/undo_patient_merge.sql
-- Two who were merged are two again: exactly the rows that moved go back, while they are where the merge put them. What
-- came after the merge stays with the patient who was kept. Locks as merge_patients does. FND-34.

set role app_engine;

create or replace function app_public.undo_patient_merge(merge_id uuid, reason text) returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_merge app_public.patient_merges;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_further uuid;
begin
  select patient_merges.* into v_merge from app_public.patient_merges where patient_merges.id = merge_id;
  perform app_private.require_permission(v_merge.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_merge.organization_id);
  select patient_merges.* into strict v_merge from app_public.patient_merges where patient_merges.id = merge_id for update;
  if v_merge.undone_at is not null then
    perform app_hidden.refuse('STATE', 'merge_is_undone', '{"legal": []}', 'This merge was undone already.');
  end if;
  perform from app_public.patients
  where patients.organization_id = v_merge.organization_id
    and patients.patient_profile_id in (v_merge.patient_profile_id, v_merge.merged_profile_id)
  order by patients.id
  for update;
  select patients.* into strict v_kept
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.patient_profile_id;
  select patients.* into strict v_duplicate
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.merged_profile_id;

  select patient_merges.id into v_further
  from app_public.patient_merges
  where patient_merges.organization_id = v_merge.organization_id
    and patient_merges.merged_profile_id = v_merge.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse(
      'CONFLICT', 'merged_further', jsonb_build_object('mergeId', v_further), 'The patient was merged again since: undo that merge first.');
  elsif v_kept.deleted_at is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', '{"entity": "patients"}', 'The patient who was kept is removed: restore the patient first.');
  end if;

  perform app_private.take_back_moves(v_merge);
  update app_public.patient_merges set undone_at = app_hidden.now(), undone_by = app_private.current_actor_id(), undo_reason = v_reason
  where patient_merges.id = v_merge.id
  returning * into v_merge;
  update app_public.patients set deleted_at = null where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merge_undone', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.undo_patient_merge is
  'Takes a merge back: the rows that moved return to the patient they came from, who is in the lists again. Needs '
  'patients.merge and a reason. STATE merge_is_undone; CONFLICT merged_further, moved_since, belongs_to_something_deleted '
  'say what has to be taken back first.';
grant execute on function app_public.undo_patient_merge to app_member;

reset role;
-- end of source: functions/patients/undo_patient_merge.sql

-- source: policies/appointments/appointment_transfers.sql
-- Staff with appointments.view see from which chart to which an appointment moved; no patient does, since it names
-- another one. Append-only: nobody holds update or delete. FND-34.

select app_private.classify('app_public.appointment_transfers', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "created_at"],
    "phi": ["patient_profile_id", "from_profile_id", "reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointment_transfers', 'patient_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.on_merge('app_public.appointment_transfers', 'from_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.protect('app_public.appointment_transfers', engine => 'select, insert');

grant select on app_public.appointment_transfers to app_member;

create policy appointment_transfers_select_staff on app_public.appointment_transfers for select to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_transfers.appointment_id)
  );
-- end of source: policies/appointments/appointment_transfers.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.

select app_private.classify('app_public.appointments', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "locale", "overridden_rules", "created_by",
                    "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_phone", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason", "override_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointments', 'patient_profile_id', 'moves');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
select app_private.protect('app_public.appointments', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, status,
              starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
              cancellation_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

create policy appointments_select_staff on app_public.appointments for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]) and deleted_at is null);

create policy appointments_select_patient on app_public.appointments for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and deleted_at is null
  );
-- end of source: policies/appointments/appointments.sql

-- source: policies/identity/invitations.sql
-- What the clinic typed, for whoever may invite. The invited person reads `my_invitations`. FND-04, FND-07.

select app_private.classify('app_public.invitations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "status", "invited_by", "sent_times", "expires_at", "created_at", "updated_at"],
    "pii_basic": ["email", "name", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.invitations', 'patient_profile_id', 'on_merge_invitations');
select app_private.protect('app_public.invitations',
  engine => 'select, insert, update', guard => true, facts => '{person name, email email}');

grant select on app_public.invitations to app_member;

create policy invitations_select_staff on app_public.invitations for select to app_member
  using (
    case kind
      when 'member' then organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[])
      else organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
    end
  );
-- end of source: policies/identity/invitations.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.

select app_private.classify('app_public.messages', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "integration_id", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "mailbox", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
select app_private.on_merge('app_public.messages', 'patient_profile_id', 'moves');
select app_private.protect('app_public.messages', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

create policy messages_select_staff on app_public.messages for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('messages.view'))::uuid[]));

create policy messages_select_person on app_public.messages for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]));
-- end of source: policies/notify/messages.sql

-- source: policies/notify/notification_preferences.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.notification_preferences', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "topic", "channel", "is_enabled", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.on_merge('app_public.notification_preferences', 'patient_profile_id', 'moves');
select app_private.protect('app_public.notification_preferences', engine => 'select, insert, update');

grant select on app_public.notification_preferences to app_member;

create policy notification_preferences_select_person on app_public.notification_preferences for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));
-- end of source: policies/notify/notification_preferences.sql

-- source: policies/notify/quiet_hours.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.quiet_hours', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "quiet_from", "quiet_until", "timezone", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.on_merge('app_public.quiet_hours', 'patient_profile_id', 'moves');
select app_private.protect('app_public.quiet_hours', engine => 'select, insert, update');

grant select on app_public.quiet_hours to app_member;

create policy quiet_hours_select_person on app_public.quiet_hours for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));
-- end of source: policies/notify/quiet_hours.sql

-- source: policies/patients/caregiver_evidence.sql
-- Written by `add_caregiver`, read through `caregivers_evidence`. FND-07.

select app_private.classify('app_private.caregiver_evidence', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "created_at"], "pii_basic": ["caregiver_id", "patient_profile_id", "evidence"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_private.caregiver_evidence', 'patient_profile_id', 'on_merge_caregivers');
select app_private.protect('app_private.caregiver_evidence', engine => 'select, insert, update');
-- end of source: policies/patients/caregiver_evidence.sql

-- source: policies/patients/caregivers.sql
-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.

select app_private.classify('app_public.caregivers', home => 'person', retention => 'medical_record', classes =>
  '{"operational": ["id", "added_by", "ends_on", "revoked_at", "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "human_id", "relationship"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.caregivers', 'patient_profile_id', 'on_merge_caregivers');
select app_private.protect('app_public.caregivers', engine => 'select, insert, update');

grant select on app_public.caregivers to app_member;

create policy caregivers_select_self on app_public.caregivers for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

create policy caregivers_select_person on app_public.caregivers for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

create policy caregivers_select_staff on app_public.caregivers for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = caregivers.patient_profile_id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );
-- end of source: policies/patients/caregivers.sql

-- source: policies/patients/merge_rules.sql
-- What a merge of two patients does with each table that names one. FND-34.

select app_private.classify('app_private.merge_rules', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "column_name", "rule", "reason", "merge_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.merge_rules', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.merge_rules
  for each row execute function app_private.tg_guard_function(
    'merge_function', 'app_public.patients, app_public.patients, boolean', 'jsonb');
-- end of source: policies/patients/merge_rules.sql

-- source: policies/patients/patient_merges.sql
-- Staff with patients.merge see what was merged at their clinic, and what to undo. Written by verbs only. FND-34.

select app_private.classify('app_public.patient_merges', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "merged_by", "created_at", "undone_at", "undone_by"],
    "phi": ["patient_profile_id", "merged_profile_id", "reason", "moved", "undo_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_merges', 'patient_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.on_merge('app_public.patient_merges', 'merged_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.protect('app_public.patient_merges', engine => 'select, insert, update');

grant select (id, organization_id, patient_profile_id, merged_profile_id, reason, merged_by, created_at, undone_at, undone_by,
              undo_reason)
   on app_public.patient_merges to app_member;

create policy patient_merges_select_staff on app_public.patient_merges for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.merge'))::uuid[]));
-- end of source: policies/patients/patient_merges.sql

-- source: policies/patients/patient_search.sql
-- Read and kept by functions of the engine alone. FND-07.

select app_private.classify('app_private.patient_search', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "phi": ["patient_id", "patient_profile_id"], "pii_basic": ["text"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Derived from patients and patient_profiles, whose changes are on record.');
select app_private.on_merge('app_private.patient_search', 'patient_id', 'stays', 'What is found of a patient, written anew with the patient.');
select app_private.on_merge('app_private.patient_search', 'patient_profile_id', 'stays', 'What is found of a patient, written anew with the patient.');
select app_private.protect('app_private.patient_search', engine => 'select, insert, update');
-- end of source: policies/patients/patient_search.sql

-- source: policies/patients/patients.sql
-- A clinic's patients: staff with patients.view, and the person. FND-07.

select app_private.classify('app_public.patients', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "deleted_at"],
    "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patients', 'patient_profile_id', 'stays', 'The record of the duplicate itself: the merge ends it.');
select app_private.allow_soft_delete('app_public.patients', 'patients.manage',
  '(select concat_ws('' '', given_name, family_name) from app_public.patient_profiles where id = r.patient_profile_id)');
select app_private.protect('app_public.patients', engine => 'select, insert, update');

grant select on app_public.patients to app_member;

create policy patients_select_staff on app_public.patients for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[]) and deleted_at is null);

create policy patients_select_person on app_public.patients for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]) and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);
-- end of source: policies/patients/patients.sql
