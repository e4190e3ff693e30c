-- Test: what_i_see - who sees no row is told so, and analysts are refused rather than shown nothing. FND-36, FND-05.
begin;
select plan(18);
select tests.two_clinics();
select tests.act_as('the database');
create function pg_temp.sees(what text) returns bigint language sql as $$
  select count(*) from analytics.what_i_see() where sees like what
$$;
create temporary table counted as select count(*) as tables from analytics.what_i_see();
grant select on counted to public;
select is(pg_temp.sees('every row'), (select tables from counted), 'a superuser sees every row of every table');

set local role app_owner;
select is((select count(*) from app_public.patients), 0::bigint, 'the owner sees no patient');
select is(
  (select sees from analytics.what_i_see() where table_name = 'app_public.patients'),
  'no row: row security holds, and no policy is for app_owner', 'and is told why');
select is(pg_temp.sees('every row'), 0::bigint, 'no table shows the owner every row');

reset role;
create role ana login in role app_analyst;
create role curious login in role pg_read_all_data;
set local session authorization ana;
select is(pg_temp.sees('nothing: permission is denied'), (select tables from counted), 'an analyst may read no table of the domain');
select throws_ok('select count(*) from app_public.patients', '42501', null, 'and is refused, not shown nothing');
select throws_ok('select count(*) from app_private.events', '42501', null, 'nor the outbox');
select throws_ok('select * from app_public.me()', '42501', null, 'nor by functions');
reset session authorization;
set local session authorization curious;
select throws_ok('select * from analytics.what_i_see()', '42501', null, 'a login of no role of ours is refused what it is not granted');
reset session authorization;

-- Each reason by itself, at a table that nobody else speaks of.
create table app_private.toys (id int);
create table app_private.months (at date) partition by range (at);
create table app_private.months_2031 partition of app_private.months for values from ('2031-01-01') to ('2032-01-01');
create role mira login in role app_analyst;
grant usage on schema analytics to mira;
create function pg_temp.seen(who text) returns text language plpgsql as $$
declare
  v_sees text;
begin
  perform set_config('role', who, true);
  select sees into v_sees from analytics.what_i_see() where table_name = 'app_private.toys';
  reset role;
  return v_sees;
end;
$$;
revoke usage on schema app_private from app_analyst;
grant select on app_private.toys to mira;
select is(pg_temp.seen('mira'), 'nothing: permission is denied', 'a grant on the table without its schema shows nothing');
revoke select on app_private.toys from mira;
grant usage on schema app_private to mira;
select is(pg_temp.seen('mira'), 'nothing: permission is denied', 'nor does the schema without the table');
grant select on app_private.toys to mira;
select is(pg_temp.seen('mira'), 'every row', 'with both, a table without row security shows every row');
alter table app_private.toys enable row level security;
create policy no_reading on app_private.toys for insert to mira with check (true);
create policy others on app_private.toys for select to app_worker using (true);
create policy elsewhere on app_private.months for select to mira using (true);
select is(pg_temp.seen('mira'), 'no row: row security holds, and no policy is for mira', 'with row security none, whatever mira may write, others read, or she reads elsewhere');
create policy every_command on app_private.toys to app_analyst using (true);
select is(pg_temp.seen('mira'), 'the rows that its policies show mira', 'a policy for a role that she is of shows its rows');
drop policy every_command on app_private.toys;
create policy reading on app_private.toys for select using (true);
select is(pg_temp.seen('mira'), 'the rows that its policies show mira', '… and so does one for everybody');
alter role mira bypassrls;
select is(pg_temp.seen('mira'), 'every row', 'who stands above row security sees every row');
alter role mira nobypassrls superuser;
select is(pg_temp.seen('mira'), 'every row', '… and so does a superuser');
select results_eq(
  $$select table_name from analytics.what_i_see() where table_name like 'app_private.months%'$$, $$values ('app_private.months')$$, 'a table in parts is one table');
select * from finish();
rollback;
