-- Who a test acts as, what it remembers by name, and what time it is.
-- Loaded into test databases only, by a superuser; the schema is never migrated.
-- Requests reach the database as a role and a few transaction-local settings; act_as sets exactly those, so a test
-- stands where the server stands. Everything here ends with the test's transaction.

create schema if not exists tests;
grant usage on schema tests to public;

-- Names a test gives to rows. One table for every role, because a visitor asks for the calendar an admin made.
create table if not exists tests.names (
  name text primary key,
  id uuid not null
);
grant select, insert, update on tests.names to public;

-- Names that can act: the principal, and the clinic the person is signed in at.
create table if not exists tests.personas (
  name text primary key,
  principal_id uuid not null,
  organization_id uuid
);
grant select, insert, update on tests.personas to public;

create or replace function tests.remember(name text, id uuid) returns uuid
language sql volatile
as $$
  insert into tests.names as known (name, id) values (remember.name, remember.id)
  on conflict on constraint names_pkey do update set id = excluded.id
  returning id;
$$;

comment on function tests.remember(text, uuid) is
  'Gives a row a name for the rest of the test; tests.id(name) finds it again. The same name again replaces it.';

create or replace function tests.remember_persona(name text, principal_id uuid, organization_id uuid default null)
returns void
language sql volatile
as $$
  insert into tests.personas (name, principal_id, organization_id)
  values (remember_persona.name, remember_persona.principal_id, remember_persona.organization_id)
  on conflict on constraint personas_pkey
    do update set principal_id = excluded.principal_id, organization_id = excluded.organization_id;
$$;

comment on function tests.remember_persona(text, uuid, uuid) is
  'Lets tests.act_as(name) act as this principal, signed in at this clinic.';

-- A misspelt name would otherwise be null, and a comparison with null refuses nothing. Volatile, because the planner
-- tries stable functions out beforehand, with a snapshot in which the name may not be there yet.
create or replace function tests.id(name text) returns uuid
language plpgsql volatile
as $$
declare
  v_id uuid;
begin
  select n.id into v_id from tests.names n where n.name = id.name;
  if v_id is null then
    raise exception 'the test remembers nothing named "%"', id.name;
  end if;
  return v_id;
end;
$$;

comment on function tests.id(text) is 'The id of a row that the test named. An unknown name is an error, never null.';

create or replace function tests.become(
  role_name text, principal_id uuid default null, organization_id uuid default null, visitor_id text default null
) returns void
language plpgsql volatile
as $$
begin
  perform set_config('role', become.role_name, true);
  perform set_config('app.principal_id', coalesce(become.principal_id::text, ''), true);
  perform set_config('app.organization_id', coalesce(become.organization_id::text, ''), true);
  perform set_config('app.visitor_id', coalesce(become.visitor_id, ''), true);
  perform set_config('app.request_id', gen_random_uuid()::text, true);
  perform set_config('app.ip', '203.0.113.7', true);
  perform set_config('app.user_agent', 'pgTAP', true);
end;
$$;

comment on function tests.become(text, uuid, uuid, text) is 'Sets the role and the request settings, as the server does.';

create or replace function tests.act_as(persona text) returns void
language plpgsql volatile
as $$
declare
  v_known tests.personas;
begin
  if act_as.persona = 'the database' then
    perform tests.become('none');
  elsif act_as.persona like '%visitor' then
    perform tests.become('app_anonymous', visitor_id => md5(act_as.persona)::uuid::text);
  elsif act_as.persona = 'the engine' then
    perform tests.become('app_engine');
  elsif act_as.persona = 'the worker' then
    perform tests.become('app_worker');
  elsif act_as.persona = 'the owner' then
    perform tests.become('app_owner');
  elsif act_as.persona = 'the authenticator' then
    perform tests.become('app_authenticator');
  elsif act_as.persona = 'a link' then
    perform tests.become('app_link');
  elsif act_as.persona = 'the telemetry' then
    perform tests.become('app_telemetry');
  elsif act_as.persona = 'an analyst' then
    perform tests.become('app_analyst');
  else
    select * into v_known from tests.personas p where p.name = act_as.persona;
    if not found then
      raise exception 'nobody is named "%"', act_as.persona
        using hint = 'Make the person first (tests.staff, tests.patient, …), or name a role: a visitor, the worker, …';
    end if;
    perform tests.become('app_member', v_known.principal_id, v_known.organization_id);
  end if;
end;
$$;

comment on function tests.act_as(text) is
  'Becomes a person the test made, or: the database (back to the test''s own login), a visitor, another visitor, '
  'the engine, the worker, the owner, the authenticator, a link, the telemetry, an analyst.';

create or replace function tests.act_as(principal_id uuid, organization_id uuid default null) returns void
language sql volatile
as $$
  select tests.become('app_member', act_as.principal_id, act_as.organization_id);
$$;

comment on function tests.act_as(uuid, uuid) is 'Becomes a signed-in principal, at a clinic or at none.';

create or replace function tests.act_as(persona text, clinic text) returns void
language plpgsql volatile
as $$
begin
  perform tests.act_as(act_as.persona);
  perform set_config('app.organization_id', tests.id(act_as.clinic)::text, true);
end;
$$;

comment on function tests.act_as(text, text) is
  'Becomes a person who claims this clinic, rightly or not: what the settings claim must open nothing by itself.';

-- The replacement reads a setting, so a second call moves the clock without more DDL, which throws every plan away. The
-- test's transaction takes the replacement back; until then other tests in the same database wait for it, which is why
-- provers use clones.
create or replace function tests.freeze_time(at timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform pg_catalog.set_config('tests.now', freeze_time.at::text, true);
  if exists (select from pg_catalog.pg_proc where oid = 'app_hidden.now()'::regprocedure and prosqlbody is not null) then
    create or replace function app_hidden.now() returns timestamptz
    language sql stable
    as 'select coalesce(nullif(pg_catalog.current_setting(''tests.now'', true), '''')::timestamptz, pg_catalog.now())';
  end if;
end;
$$;

comment on function tests.freeze_time(timestamptz) is
  'Makes app_hidden.now() answer this instant until the transaction ends. Call it again to move the clock.';

-- The month that most tests move the clock to has its partitions, as the task makes them ahead: a test that made them
-- anew paid a third of what its clinic costs.
select audit.open_month('2027-03-01 00:00+00');
select app_private.open_metrics_month('2027-03-01 00:00+00');
