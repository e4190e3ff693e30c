-- Test: create_organization - only a superadmin opens a clinic. FND-01.
begin;
select plan(10);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.person('a stranger');
select tests.person('root', superadmin => true, disabled => true);
prepare attempt as select app_public.create_organization('boreal', 'Boreal', 'otto@boreal.test', 'Otto');

select tests.act_as('olga');
select * from tests.refuses('execute attempt', 'FORBIDDEN', 'superadmin_only', 'an owner of another clinic may not');
select tests.act_as('ana');
select * from tests.refuses('execute attempt', 'FORBIDDEN', 'superadmin_only', 'a patient may not');
select tests.act_as('a stranger');
select * from tests.refuses('execute attempt', 'FORBIDDEN', 'superadmin_only', 'a stranger may not');
select tests.act_as('root');
select * from tests.refuses('execute attempt', 'FORBIDDEN', 'superadmin_only', 'a superadmin whose account was closed may not');
select tests.act_as('a visitor');
select * from tests.refuses(
  $$select app_public.create_organization('boreal', 'Boreal', 'otto@boreal.test', 'Otto')$$,
  '42501', null, 'a visitor cannot even call it');
select * from finish();
rollback;
