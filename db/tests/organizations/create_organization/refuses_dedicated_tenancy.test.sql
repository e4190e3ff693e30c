-- Test: create_organization - dedicated tenancy is declared and refused on every path. FND-01, TEN-01.
begin;
select plan(11);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.person('root', superadmin => true);

select tests.act_as('root');
select * from tests.refuses(
  $$select app_public.create_organization('boreal', 'Boreal', 'otto@boreal.test', 'Otto', tenancy_mode => 'dedicated')$$,
  'VALIDATION', 'tenancy_mode_not_built', 'the verb refuses it');
select * from tests.refuses(
  $$select app_public.create_organization('boreal', 'Boreal', 'otto@boreal.test', 'Otto', tenancy_mode => null)$$,
  'VALIDATION', 'tenancy_mode_not_built', 'and no mode at all');
select tests.act_as('olga');
select * from tests.refuses(
  $$update app_public.organizations set tenancy_mode = 'dedicated' where id = tests.id('atlas')$$,
  '42501', null, 'an owner cannot reach the column');
select tests.act_as('the database');
select * from tests.breaks(
  $$insert into app_public.organizations (slug, name, tenancy_mode) values ('boreal', 'Boreal', 'dedicated')$$,
  'organizations_tenancy_mode_is_built', 'the superuser''s own insert is refused');
select * from tests.breaks(
  $$update app_public.organizations set tenancy_mode = 'dedicated'$$,
  'organizations_tenancy_mode_is_built', 'and the superuser''s update');
select tests.act_as('the owner');
select throws_ok(
  $$insert into app_public.organizations (slug, name, tenancy_mode) values ('boreal', 'Boreal', 'dedicated')$$,
  '42501', null, 'the owner of the table cannot insert a clinic at all');
select * from finish();
rollback;
