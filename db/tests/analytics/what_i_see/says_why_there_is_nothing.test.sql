-- Test: what_i_see - who sees no row is told so, and analysts are refused rather than shown nothing. FND-36, FND-05.
begin;
select plan(9);
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
select * from finish();
rollback;
