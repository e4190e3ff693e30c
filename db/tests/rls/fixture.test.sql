-- Test: the two clinics - an area adds its rows with a function of its own and edits nothing. FND-05, FND-06.
begin;
select plan(6);

create function tests.furnish_toys(clinic text) returns void language sql as $$ select $$;
select throws_ok(
  'select tests.two_clinics()', 'P0001', 'the fixture calls no function that takes this: tests.furnish_toys(text)',
  'a function that nobody would call is refused');
drop function tests.furnish_toys(text);

create table app_public.toys (id uuid primary key default uuidv7(), organization_id uuid, name text);
create function tests.furnish_toys(clinic tests.fixture_clinic) returns void
language sql
as $$ insert into app_public.toys (organization_id, name) values (clinic.id, 'Toy of ' || clinic.specialist) $$;
create function tests.furnish_toys(patient tests.fixture_patient) returns void
language sql
as $$
  insert into app_public.toys (organization_id, name)
  select patient.clinic_id, 'Toy of ' || patient.name from app_public.toys r
  where r.name = 'Toy of ' || patient.specialist;
$$;
create function tests.correct_toys(clinic tests.fixture_clinic) returns void
language sql
as $$ insert into app_public.toys (organization_id, name) values (tests.clinic_id(), 'Toy of ' || clinic.patient_of_both) $$;
create function tests.retire_toys(clinic tests.fixture_clinic) returns void
language sql
as $$ insert into app_public.toys (organization_id, name) values (clinic.id, 'Toy of ' || clinic.former_patient || ', closed') $$;

select is(
  (select array_agg(f.name::text order by f.place) from tests.fixture_functions f
   where f.verb = 'furnish' and f.takes = 'tests.fixture_clinic'::regtype
     and f.name in ('furnish_identity', 'furnish_catalog', 'furnish_scheduling', 'furnish_appointments', 'furnish_notify', 'furnish_toys')),
  '{furnish_identity,furnish_catalog,furnish_scheduling,furnish_appointments,furnish_notify,furnish_toys}',
  'areas run in the order of their files: those with a number first, then the others');
select lives_ok('select tests.two_clinics()', 'no more is needed for a table of a new area');
select results_eq(
  $$select r.home, toys.name from app_public.toys
    join tests.fixture_rows r on r.table_name = 'app_public.toys' and r.key ->> 'id' = toys.id::text
    order by r.home, toys.name$$,
  $$values ('atlas', 'Toy of elena'), ('atlas', 'Toy of stefan'), ('atlas: ana', 'Toy of ana'),
      ('atlas: bogdan', 'Toy of bogdan'), ('atlas: deleted', 'Toy of zoe'), ('atlas: deleted', 'Toy of zoe, closed'),
      ('boreal', 'Toy of elena'), ('boreal', 'Toy of sorin'), ('boreal: dan', 'Toy of dan')$$,
  'its rows are at home where the function was called for');

delete from tests.fixture_rows where table_name = 'app_public.toys' and home like 'boreal%';
select throws_ok(
  'select tests.require_furnished()', 'P0001',
  'the fixture has no row of app_public.toys for boreal: write it in tests.furnish_<area>(clinic tests.fixture_clinic), in db/tests/helpers/fixtures/<area>.sql',
  'a table without a row of a clinic is refused, with the function to write');

insert into tests.platform_tables values ('app_public.tous');
insert into tests.fixture_rows
select 'app_public.toys', jsonb_build_object('id', id), 'boreal' from app_public.toys where organization_id = tests.id('boreal');
select throws_ok(
  'select tests.require_furnished()', 'P0001',
  'declared to be the platform''s, and not there, empty or with a clinic: app_public.tous',
  'a table that is declared and not there is refused');

select * from finish();
rollback;
