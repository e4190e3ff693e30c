-- What everybody can do with every row: tried, not read from the catalog. FND-05.
-- For each table, person and command the probe stands where the server would put that person and tries it on every
-- row of the two clinics; each try is taken back. The verdict names whose rows it worked on. What it should be is
-- decided in db/tests/rls/<area>/decisions.csv.

create or replace view tests.company as
select * from (values
  (1, 'visitor', 'a visitor', null),
  (2, 'patient ana', 'ana', null),
  (3, 'patient bogdan', 'bogdan', null),
  (4, 'caregiver corina', 'corina', null),
  (5, 'former caregiver victor', 'victor', null),
  (6, 'elena of both', 'elena', null),
  (7, 'elena at boreal', 'elena', 'boreal'),
  (8, 'deleted patient zoe', 'zoe', null),
  (9, 'specialist stefan', 'stefan', null),
  (10, 'front desk flavia', 'flavia', null),
  (11, 'admin adrian', 'adrian', null),
  (12, 'owner olga', 'olga', null),
  (13, 'disabled owner dora', 'dora', null),
  (14, 'boreal''s admin beata', 'beata', null),
  (15, 'beata claiming atlas', 'beata', 'atlas'),
  (16, 'owner of a draft celia', 'celia', null),
  (17, 'superadmin root', 'root', null),
  (18, 'signing link', 'a link', null),
  (19, 'authenticator', 'the authenticator', null),
  (20, 'worker', 'the worker', null),
  (21, 'telemetry', 'the telemetry', null),
  (22, 'analyst', 'an analyst', null),
  (23, 'migrator', 'the owner', null),
  (24, 'engine', 'the engine', null)
) as company (place, persona, acts_as, claims);

comment on view tests.company is 'Everybody the matrix asks about. elena without a clinic in the request sees both.';

create or replace function tests.stand_as(persona text) returns void
language plpgsql volatile
as $$
declare
  v_who record;
begin
  select c.* into strict v_who from tests.company c where c.persona = stand_as.persona;
  if v_who.claims is not null then
    perform tests.act_as(v_who.acts_as, v_who.claims);
  else
    perform tests.act_as(v_who.acts_as);
    if stand_as.persona = 'elena of both' then
      perform set_config('app.organization_id', '', true);
    end if;
  end if;
end;
$$;

-- Names of homes for these rows of a table: "everything", "nothing", "atlas" for all that is atlas', "atlas undeleted"
-- for all but what was deleted there, "atlas itself" for what is nobody's in particular, "some of …" for a part.
create or replace function tests.homes_of(of_table text, keys jsonb[]) returns text
language sql stable
as $$
  with counted as (
    select r.home, split_part(r.home, ':', 1) as clinic,
           count(*) as every, count(*) filter (where r.key = any (homes_of.keys)) as hit
    from tests.fixture_rows r where r.table_name = homes_of.of_table
    group by 1, 2
  ),
  by_clinic as (
    select c.*, sum(every) over w as clinic_every, sum(hit) over w as clinic_hit, count(*) over w as homes,
           sum(every) filter (where home = clinic || ': deleted') over w as deleted,
           sum(hit) filter (where home = clinic || ': deleted') over w as deleted_hit
    from counted c window w as (partition by clinic)
  ),
  whole as (
    select distinct clinic, clinic || case when clinic_every = clinic_hit then '' else ' undeleted' end as name
    from by_clinic
    where clinic in ('atlas', 'boreal', 'cetus')
      and (clinic_every = clinic_hit or (clinic_hit > 0 and clinic_every - clinic_hit = deleted and deleted_hit = 0))
  ),
  named as (
    select name from whole
    union
    select case when hit < every then 'some of ' else '' end
             || case when home = clinic and homes > 1 and clinic in ('atlas', 'boreal') then clinic || ' itself' else home end
    from by_clinic
    where hit > 0 and clinic not in (select clinic from whole)
  )
  select case
    when not exists (select from counted where hit > 0) then 'nothing'
    when not exists (select from counted where hit < every) then 'everything'
    else (select string_agg(name, ' + ' order by replace(name, 'some of ', '') collate "C") from named)
  end;
$$;

-- One try: 'done' when it worked on the row, or only a constraint stood in the way; else who refused.
create or replace function tests.attempt(persona text, statement text, argument jsonb) returns text
language plpgsql volatile
as $$
declare
  v_count bigint;
begin
  perform tests.stand_as(attempt.persona);
  execute attempt.statement using attempt.argument;
  get diagnostics v_count = row_count;
  raise exception using errcode = 'RXTRY', message = v_count::text;
exception
  when sqlstate 'RXTRY' then
    return case when sqlerrm = '0' then 'refused' else 'done' end;
  when integrity_constraint_violation then
    return 'done';
  when insufficient_privilege then
    return case when sqlerrm like '%row-level security%' then 'refused' else 'denied' end;
  when others then
    if sqlstate like 'RX%' then
      return 'refused';
    end if;
    raise exception 'probing as %: % (%)', attempt.persona, sqlerrm, attempt.statement;
end;
$$;

create or replace function tests.visible_keys(persona text, of_table text, key_columns text[]) returns jsonb
language plpgsql volatile
as $$
declare
  v_keys jsonb;
begin
  perform tests.stand_as(visible_keys.persona);
  execute format('select coalesce(jsonb_agg(jsonb_build_object(%s)), ''[]'') from %s',
    (select string_agg(format('%L, %I', c, c), ', ') from unnest(visible_keys.key_columns) c), visible_keys.of_table)
  into v_keys;
  raise exception using errcode = 'RXTRY', message = v_keys::text;
exception
  when sqlstate 'RXTRY' then
    return sqlerrm::jsonb;
  when insufficient_privilege then
    return null;
end;
$$;

create or replace function tests.role_of(persona text) returns regrole
language plpgsql volatile
as $$
begin
  perform tests.stand_as(role_of.persona);
  raise exception using errcode = 'RXTRY', message = current_user::text;
exception
  when sqlstate 'RXTRY' then
    return sqlerrm::regrole;
end;
$$;

create or replace function tests.probe(of_table text, as_persona text)
returns table (may_select text, may_insert text, may_update text, may_delete text)
language plpgsql volatile
as $$
declare
  v_oid oid := of_table::regclass;
  v_role oid := tests.role_of(as_persona);
  v_key text[] := tests.primary_key_of(v_oid);
  v_match text := (select string_agg(format('%I = ($1 ->> %L)::%s', a.attname, a.attname, format_type(a.atttypid, a.atttypmod)), ' and ')
                   from pg_attribute a where a.attrelid = v_oid and a.attname = any (v_key));
  v_keys jsonb;
  v_columns text[];
begin
  v_keys := tests.visible_keys(as_persona, of_table, v_key);
  if v_keys is null then
    may_select := case when has_any_column_privilege(v_role, v_oid, 'select') then 'not the key' else 'denied' end;
  else
    may_select := tests.homes_of(of_table, (select coalesce(array_agg(k), '{}') from jsonb_array_elements(v_keys) k));
  end if;

  v_columns := array(
    select a.attname::text from pg_attribute a
    where a.attrelid = v_oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
      and has_column_privilege(v_role, v_oid, a.attnum, 'insert')
    order by a.attnum);
  -- A copy with a new id, of the columns that this role may write.
  may_insert := tests.probe_rows(of_table, as_persona, case when cardinality(v_columns) > 0 then
    format('insert into %s (%s) select %2$s from jsonb_populate_record(null::%1$s, $1)', of_table,
      (select string_agg(quote_ident(c), ', ') from unnest(v_columns) c)) end,
    format('select to_jsonb(t) || %L from %s t where %s',
      case when 'id' = any (v_key) then jsonb_build_object('id', gen_random_uuid()) else '{}' end, of_table, v_match));

  v_columns := array(
    select a.attname::text from pg_attribute a
    where a.attrelid = v_oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
      and has_column_privilege(v_role, v_oid, a.attnum, 'update')
    order by has_column_privilege(v_role, v_oid, a.attnum, 'select') desc, a.attname = any (v_key), a.attnum);
  may_update := tests.probe_rows(of_table, as_persona, case when cardinality(v_columns) > 0 then
    format('update %s set %I = %s where %s', of_table, v_columns[1],
      case when has_column_privilege(v_role, v_oid, v_columns[1], 'select') then quote_ident(v_columns[1]) else 'default' end,
      v_match) end);
  may_delete := tests.probe_rows(of_table, as_persona, case when has_table_privilege(v_role, v_oid, 'delete') then
    format('delete from %s where %s', of_table, v_match) end);
  return next;
end;
$$;

comment on function tests.probe(text, text) is 'Whose rows of a table somebody sees, inserts, changes, deletes.';

-- Tries a statement on every row; $1 is its key, or what `argument` makes of the key.
create or replace function tests.probe_rows(of_table text, as_persona text, statement text, argument text default null)
returns text
language plpgsql volatile
as $$
declare
  v_argument jsonb;
  v_hit jsonb[] := '{}';
  v_row record;
  v_answer text;
begin
  if statement is null then
    return 'denied';
  end if;
  for v_row in
    -- Five rows of a home tell what a hundred would; reference data has many.
    select ranked.key, ranked.alike
    from (select r.key, row_number() over w as place, array_agg(r.key) over (partition by r.home) as alike,
                 count(*) over (partition by r.home) as every
          from tests.fixture_rows r where r.table_name = of_table
          window w as (partition by r.home order by r.key)) ranked
    where ranked.place <= 5
  loop
    v_argument := v_row.key;
    if argument is not null then
      execute argument into v_argument using v_row.key;
    end if;
    v_answer := tests.attempt(as_persona, statement, v_argument);
    if v_answer = 'denied' then
      return 'not by key';
    elsif v_answer = 'done' then
      v_hit := v_hit || case when cardinality(v_row.alike) > 5 then v_row.alike else array[v_row.key] end;
    end if;
  end loop;
  return tests.homes_of(of_table, v_hit);
end;
$$;

create or replace function tests.matrix(only_table text default null)
returns table (table_name text, persona text, may_select text, may_insert text, may_update text, may_delete text)
language plpgsql volatile
as $$
begin
  return query
  select t.name, c.persona, p.*
  from tests.app_tables t
  cross join tests.company c
  cross join lateral tests.probe(t.name, c.persona) p
  where only_table is null or t.name = only_table
  order by t.name, c.place;
end;
$$;

comment on function tests.matrix(text) is 'The whole matrix on the fixture tests.two_clinics(), or one table of it.';
