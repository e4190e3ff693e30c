-- Test: organizations - seen by their staff, their patients and the platform. FND-01, FND-04, FND-05.
begin;
select plan(11);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.clinic('boreal', draft => true);
select tests.staff('otto', 'owner');
select tests.patient('dan');
select tests.person('a stranger');
select tests.person('root', superadmin => true);
create function pg_temp.seen() returns text[] language sql as 'select array_agg(slug order by slug) from app_public.organizations';

select tests.act_as('olga');
select is(pg_temp.seen(), '{atlas}', 'staff see their clinic');
select tests.act_as('otto');
select is(pg_temp.seen(), '{boreal}', 'staff see their draft');
select tests.act_as('ana');
select is(pg_temp.seen(), '{atlas}', 'a patient sees the clinic');
select tests.act_as('dan');
select is(pg_temp.seen(), null, 'a patient does not see a draft');
select tests.act_as('a stranger');
select is(pg_temp.seen(), null, 'a stranger sees none');
select tests.act_as('olga', 'boreal');
select is(pg_temp.seen(), null, 'who claims another clinic sees none');
select tests.act_as('root');
select is(pg_temp.seen(), '{atlas,boreal}', 'the platform sees all');
select tests.act_as('a visitor');
select throws_ok('select * from app_public.organizations', '42501', null, 'a visitor sees no table');

select tests.act_as('the database');
update app_public.organizations set deleted_at = now() where id = tests.id('atlas');
select tests.act_as('olga');
select is(pg_temp.seen(), null, 'a removed clinic is gone for its staff');
select tests.changes_nothing($$update app_public.organizations set name = 'Back'$$, 'who cannot change it either');
select tests.act_as('ana');
select is(pg_temp.seen(), null, 'and for its patients');
select * from finish();
rollback;
