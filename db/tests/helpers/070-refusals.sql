-- A refusal in one line: the error, and that everything is as it was. FND-29.
-- tests.state() looks at every table of ours and the queue, so nothing can be written, queued or published unnoticed.
-- It looks at where the visible rows lie, not at what they say: whoever inserts, updates or deletes a row changes that.
-- A table is read again only when it was touched since this transaction last asked: PostgreSQL counts for each table the
-- rows that were put in, changed and taken out, those that were taken back too, and a table that is emptied gets another
-- file. What was read is kept in a setting that ends with the transaction, and with a savepoint that it is rolled back to.

create or replace function tests.rows_of(name text) returns text
language plpgsql volatile
as $$
declare
  v_rows text;
begin
  execute format('select count(*) || '' '' || coalesce(bit_xor(hashtidextended(r.ctid, r.tableoid::bigint)), 0) from %s r',
                 rows_of.name) into v_rows;
  return v_rows;
end;
$$;

comment on function tests.rows_of(text) is 'Where the visible rows of a table lie, and how many there are.';

create or replace function tests.state() returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_known jsonb := coalesce(nullif(pg_catalog.current_setting('tests.state', true), ''), '{}');
  v_rows jsonb;
begin
  select jsonb_object_agg(t.name, t.rows), jsonb_object_agg(t.name, jsonb_build_array(t.touched, t.rows))
  into v_rows, v_known
  from (
    select t.name, t.touched,
           case when t.known ->> 0 = t.touched then t.known ->> 1 else tests.rows_of(t.name) end as rows
    from (
      select p.name, v_known -> p.name as known,
             sum(p.file::bigint) || ' ' || sum(pg_stat_get_xact_tuples_inserted(p.oid)
               + pg_stat_get_xact_tuples_updated(p.oid) + pg_stat_get_xact_tuples_deleted(p.oid)) as touched
      from (
        select c.oid, c.relfilenode as file,
               case when c.relispartition then pg_partition_root(c.oid) else c.oid end::regclass::text as name
        from pg_catalog.pg_class c
        where c.relkind = 'r' and (c.relnamespace = any ((select tests.app_schemas())::oid[])
                                   or c.oid = 'graphile_worker._private_jobs'::regclass)
        offset 0) p
      group by p.name
      offset 0) t
    offset 0) t;
  perform set_config('tests.state', v_known::text, true);
  return v_rows;
end;
$$;

comment on function tests.state() is 'Where the rows of every table lie, queue included: equal before and after means that nothing was written.';

create or replace function tests.changed(before jsonb) returns text[]
language sql volatile
as $$
  select coalesce(array_agg(s.key order by s.key), '{}')
  from jsonb_each_text(tests.state()) as s
  where s.value is distinct from changed.before ->> s.key;
$$;

comment on function tests.changed(jsonb) is 'Which tables are not as they were in this state.';

-- Two assertions. What an exception took back cannot have been written, so the second also looks at what rides beside
-- the error: an address or a telephone number there would be somebody's. The DETAIL is part of the first: under our codes it is a JSON object that refuse() wrote, never a row.
create or replace function tests.refuses(statement text, code text, reason text, description text) returns setof text
language plpgsql volatile
as $$
declare
  v_before jsonb := tests.state();
  v_said text := 'nothing: it went through';
  v_detail text;
  v_hint text;
  v_beside text := '';
  v_known text := coalesce((select e.sqlstate from app_hidden.error_codes e where e.code = refuses.code), refuses.code);
begin
  begin
    execute refuses.statement;
  exception when others then
    get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    v_beside := concat_ws(' ', sqlerrm, v_detail, v_hint);
    v_said := sqlstate || ' ' || sqlerrm;
    if v_known like 'RX%' and v_detail is not json object then
      v_said := v_said || ' with a detail that is no object';
    end if;
  end;
  return next is(v_said, v_known || ' ' || coalesce(refuses.reason, substr(v_said, 7)), refuses.description);
  return next is(
    tests.changed(v_before) || array(select match[1] from regexp_matches(v_beside, '(\S+@\S+|\+\d{8,})', 'g') as match),
    '{}'::text[], '… and nothing was written, queued or published, and nothing of anybody rides beside it');
end;
$$;

comment on function tests.refuses(text, text, text, text) is
  'Two assertions: the statement is refused with this code (one of error_codes, or a SQLSTATE) and reason, and every '
  'table is as before. The reason null accepts any message.';

create or replace function tests.breaks(statement text, rule text, description text) returns setof text
language plpgsql volatile
as $$
declare
  v_before jsonb := tests.state();
  v_rule text;
begin
  begin
    execute breaks.statement;
  exception when integrity_constraint_violation then
    get stacked diagnostics v_rule = constraint_name;
    if v_rule = '' then
      get stacked diagnostics v_rule = column_name;
    end if;
  end;
  return next is(v_rule, breaks.rule, breaks.description);
  return next is(tests.changed(v_before), '{}'::text[], '… and nothing was written, queued or published');
end;
$$;

comment on function tests.breaks(text, text, text) is
  'Two assertions: the statement breaks this constraint (or leaves out this column), and every table is as before.';

-- What goes through may write a row again as it was, so here the content counts.
create or replace function tests.content() returns jsonb
language plpgsql volatile security definer
as $$
declare
  v_content jsonb := '{}';
  v_table text;
  v_sum text;
begin
  for v_table in select name from tests.app_tables union all select 'graphile_worker._private_jobs' loop
    execute format('select md5(coalesce(string_agg(r::text, e''\n'' order by r::text), '''')) from %s r', v_table) into v_sum;
    v_content := v_content || jsonb_build_object(v_table, v_sum);
  end loop;
  return v_content;
end;
$$;

comment on function tests.content() is 'A digest of what every table says, queue included.';

create or replace function tests.changes_nothing(statement text, description text) returns text
language plpgsql volatile
as $$
declare
  v_before jsonb := tests.content();
begin
  execute changes_nothing.statement;
  return is(
    (select coalesce(array_agg(s.key order by s.key), '{}') from jsonb_each_text(tests.content()) as s
     where s.value is distinct from v_before ->> s.key),
    '{}'::text[], changes_nothing.description);
end;
$$;

comment on function tests.changes_nothing(text, text) is
  'The statement goes through and changes no row: how row level security refuses an update or a delete.';

create or replace function tests.role_id(key text, clinic text default null) returns uuid
language sql volatile security definer
as $$
  select r.id from app_public.roles r where r.organization_id = tests.clinic_id(role_id.clinic) and r.key = role_id.key;
$$;

create or replace function tests.membership_id(person text, clinic text default null) returns uuid
language sql volatile security definer
as $$
  select m.id from app_public.memberships m
  where m.organization_id = tests.clinic_id(membership_id.clinic)
    and m.human_id = (select p.principal_id from tests.personas p where p.name = membership_id.person);
$$;

-- What was published about a row, in order.
create or replace function tests.events_of(subject_id uuid) returns text[]
language sql volatile security definer
as $$
  select coalesce(array_agg(e.name order by e.position), '{}') from app_private.events e where e.subject_id = events_of.subject_id;
$$;

comment on function tests.events_of(uuid) is 'Names of the events of this subject, in order.';

-- A visitor's hold, and the token of it under a name.
create or replace function tests.hold(token_name text, calendar text, specialist text, starts_at timestamptz) returns void
language plpgsql volatile security definer
as $$
declare
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_claim uuid := tests.claim(hold.specialist, hold.starts_at, kind => 'hold', calendar => hold.calendar, visitor => 'holder');
begin
  update app_private.time_claims set token_hash = sha256(convert_to(v_token, 'UTF8')) where id = v_claim;
  perform set_config('tests.token.' || hold.token_name, v_token, true);
  perform tests.remember('claim of ' || hold.token_name, v_claim);
  perform tests.works(hold.specialist);
end;
$$;

comment on function tests.hold(text, text, text, timestamptz) is
  'A time kept by some visitor; tests.token(name) is what the visitor shows, tests.id(''claim of name'') the claim.';

create or replace function tests.token(name text) returns text
language sql volatile
as $$
  select current_setting('tests.token.' || token.name);
$$;
