/**
 * Functions that a test puts into its own database before the schema is built, to see from outside what
 * the database was told, and to make it fail in every way it can.
 */
export const probes = `
set role app_owner;

create function app_public.probe_session() returns jsonb language sql stable as $$
  select jsonb_build_object(
    'role', current_user,
    'principalId', nullif(current_setting('app.principal_id', true), ''),
    'organizationId', nullif(current_setting('app.organization_id', true), ''),
    'requestId', nullif(current_setting('app.request_id', true), ''),
    'ip', nullif(current_setting('app.ip', true), ''),
    'userAgent', nullif(current_setting('app.user_agent', true), ''),
    'visitorId', nullif(current_setting('app.visitor_id', true), ''),
    'statementTimeout', current_setting('statement_timeout'),
    'lockTimeout', current_setting('lock_timeout'),
    'idleTimeout', current_setting('idle_in_transaction_session_timeout'),
    'readOnly', current_setting('transaction_read_only'),
    'onReplica', pg_is_in_recovery())
$$;
grant execute on function app_public.probe_session() to app_anonymous, app_member;

create function app_public.probe_wait() returns text language sql stable as $$ select pg_sleep(20)::text $$;
grant execute on function app_public.probe_wait() to app_anonymous;

create table app_private.probe_rows (
  id int primary key,
  parent_id int references app_private.probe_rows on delete restrict,
  label text not null,
  constraint probe_rows_label_is_short check (length(label) <= 10)
);
create unique index probe_rows_label_is_unique on app_private.probe_rows (lower(label));
insert into app_private.probe_rows values (1, null, 'first'), (2, 1, 'second');
grant usage on schema app_private to app_member;
grant select, insert, delete on app_private.probe_rows to app_member;
create table app_private.probe_secrets (secret text);

create function app_public.probe_failure(kind text, value text default '') returns text
language plpgsql volatile as $$
begin
  case kind
    when 'refusal' then perform app_hidden.refuse('SLOT_TAKEN', 'slot_taken', '{"startsAt": "2027-03-08T07:00:00Z"}');
    when 'raise' then raise exception 'canary-message %', value using detail = 'canary-detail ' || value;
    when 'division' then return (1 / length(''))::text;
    when 'denied' then perform from app_private.probe_secrets;
    when 'slow' then perform pg_sleep(20);
    when 'short' then perform pg_sleep(1.5);
    -- As long as the test holds this lock. To wait for it would end with lock_timeout.
    when 'held' then
      while exists (
        select from pg_locks l join pg_database d on d.oid = l.database
        where l.locktype = 'advisory' and l.objid = 27 and d.datname = current_database()
      ) loop
        perform pg_sleep(0.05);
      end loop;
    when 'check' then insert into app_private.probe_rows values (9, null, 'far too long to fit ' || value);
    when 'unique' then insert into app_private.probe_rows values (9, null, 'FIRST');
    when 'primary key' then insert into app_private.probe_rows values (1, null, 'other');
    when 'reference' then insert into app_private.probe_rows values (9, 99, 'other');
    when 'referenced' then delete from app_private.probe_rows where id = 1;
    when 'null' then insert into app_private.probe_rows values (9, null, null);
    when 'uuid' then return value::uuid::text;
    when 'date' then return value::date::text;
    when 'number' then return value::int::text;
  end case;
  return 'done';
end $$;
comment on function app_public.probe_failure is '@resultFieldName result';
grant execute on function app_public.probe_failure(text, text) to app_anonymous, app_member;

create function app_public.probe_numbers() returns setof app_public.time_zones language sql stable as $$
  select 'zone ' || n from generate_series(1, 900) n
$$;
comment on function app_public.probe_numbers() is E'@longestPage 500\\nBounded by what it is.';
grant execute on function app_public.probe_numbers() to app_anonymous;

create table app_public.probe_things (
  id int primary key, name text not null, unindexed text, keyless text not null default 'x', optional text);
create table app_public.probe_parts (id int primary key, thing_id int not null references app_public.probe_things);
create index on app_public.probe_things (name, id);
create index on app_public.probe_things (keyless);
create index on app_public.probe_things (optional, id);
create index on app_public.probe_parts (thing_id);
insert into app_public.probe_things select n, 'thing ' || n, 'x' from generate_series(1, 150) n;
insert into app_public.probe_parts select n, 1 from generate_series(1, 150) n;
alter table app_public.probe_things enable row level security;
alter table app_public.probe_parts enable row level security;
create policy probe_things_select on app_public.probe_things for select to app_anonymous, app_member using (id < 149);
create policy probe_things_update on app_public.probe_things for update to app_member using (id < 149);
create policy probe_parts_select on app_public.probe_parts for select to app_anonymous, app_member using (true);
comment on table app_public.probe_things is '@behavior +resource:aggregates';
comment on table app_public.probe_parts is '@behavior +resource:aggregates';
grant select on app_public.probe_things, app_public.probe_parts to app_anonymous, app_member;
grant update (name) on app_public.probe_things to app_member;

reset role;
`;
