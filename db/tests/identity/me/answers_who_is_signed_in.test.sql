-- Test: me - the signed-in human, for whoever is signed in. FND-03.
begin;
select plan(5);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.person('a stranger');

select tests.act_as('olga');
select is((app_public.me()).display_name, 'Olga', 'staff');
select tests.act_as('ana');
select is((app_public.me()).email, 'ana@people.test', 'a patient');
select tests.act_as('a stranger');
select is((app_public.me()).principal_id, tests.id('a stranger'), 'somebody who belongs nowhere yet');
select tests.become('app_member');
select is((app_public.me()).principal_id, null, 'without a principal there is nobody');
select tests.act_as('a visitor');
select throws_ok('select app_public.me()', '42501', null, 'a visitor does not ask');
select * from finish();
rollback;
