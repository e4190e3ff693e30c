-- Test: activate_organization - a draft becomes public, once, and others cannot do it. FND-01, FND-14.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal', draft => true);
select tests.clinic('closed', draft => true);
update app_public.organizations set deleted_at = now() where id = tests.id('closed');
select tests.clinic('atlas', draft => true);
select tests.staff('olga', 'owner');
select tests.person('root', superadmin => true);

select tests.act_as('olga');
select * from tests.refuses(
  $$select app_public.activate_organization(tests.id('atlas'))$$, 'FORBIDDEN', 'superadmin_only', 'the owner cannot activate the own clinic');
select tests.act_as('a visitor');
select * from tests.refuses(
  $$select app_public.activate_organization(tests.id('atlas'))$$, '42501', null, 'a visitor cannot call it');
select is((app_public.clinic_by_slug('atlas')).id, null, 'a draft is invisible to visitors');

select tests.act_as('root');
select is(
  (app_public.activate_organization(tests.id('atlas'))).activated_at, '2027-03-01 08:00+02'::timestamptz, 'the superadmin activates it');
select tests.act_as('a visitor');
select is((app_public.clinic_by_slug('atlas')).id, tests.id('atlas'), 'and visitors find it');
select is(tests.events_of(tests.id('atlas')), '{organization.activated}', 'one event says so');

select tests.act_as('root');
select * from tests.refuses(
  $$select app_public.activate_organization(tests.id('atlas'))$$, 'NOT_FOUND', 'draft_not_found', 'a second time there is no draft');
select * from tests.refuses(
  $$select app_public.activate_organization(uuidv7())$$, 'NOT_FOUND', 'draft_not_found', 'an unknown clinic is answered alike');
select is(app_public.activate_organization(null), null, 'no clinic is no question');
select * from tests.refuses(
  $$select app_public.activate_organization(tests.id('closed'))$$, 'NOT_FOUND', 'draft_not_found', 'so is a removed draft');
select tests.act_as('the database');
select is(activated_at, null, 'another draft stays one') from app_public.organizations where id = tests.id('boreal');
select is(tests.events_of(tests.id('atlas')), '{organization.activated}', 'still one event');
select * from finish();
rollback;
