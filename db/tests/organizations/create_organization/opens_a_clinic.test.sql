-- Test: create_organization - a clinic opens with its roles, its owner and its events. FND-01, FND-02, FND-04, FND-14.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.person('root', superadmin => true);

select tests.act_as('root');
select tests.remember('atlas', (app_public.create_organization(
  slug => 'atlas', name => 'Clinica Atlas', owner_email => ' Olga@Atlas.test ', owner_name => 'Olga Dobre')).id);

select tests.act_as('the database');
select is(o.activated_at, '2027-03-01 08:00+02'::timestamptz, 'it is public at once')
from app_public.organizations o where o.id = tests.id('atlas');
select is((o.locale, o.timezone, o.currency, o.tenancy_mode)::text, '(ro,Europe/Bucharest,RON,shared)', 'with the settings of the country')
from app_public.organizations o where o.id = tests.id('atlas');
select is(
  (app_public.clinic_by_slug('atlas')).name, 'Clinica Atlas', 'and the public finds it');
select results_eq(
  $$select key, name from app_public.roles where organization_id = tests.id('atlas') order by key$$,
  $$values ('admin', 'Administrator'), ('billing', 'Facturare'), ('front_desk', 'Recepție'), ('owner', 'Proprietar'), ('specialist', 'Specialist')$$,
  'the system roles are there, in Romanian');
select results_eq(
  $$select r.key, rp.permission from app_public.role_permissions rp join app_public.roles r on r.id = rp.role_id
    where rp.organization_id = tests.id('atlas') order by 1, 2$$,
  'select role_key, permission from app_public.system_role_permissions order by 1, 2',
  'and allow what the catalog of roles says');
select results_eq(
  $$select h.email, h.display_name, h.email_verified_at, r.key, mr.granted_by
    from app_public.memberships m join app_public.humans h on h.principal_id = m.human_id
    join app_public.membership_roles mr on mr.membership_id = m.id join app_public.roles r on r.id = mr.role_id
    where m.organization_id = tests.id('atlas')$$,
  $$values ('olga@atlas.test', 'Olga Dobre', null::timestamptz, 'owner', tests.id('root'))$$,
  'the owner is its only member, named by the platform');
select is(tests.events_of(tests.id('atlas')), '{organization.created,organization.activated}', 'both events are published, in order');
select is(
  (select array_agg(distinct e.actor_id) from app_private.events e where e.subject_id = tests.id('atlas')), array[tests.id('root')],
  'by the superadmin');

select tests.act_as('root');
select tests.remember('boreal', (app_public.create_organization(
  slug => 'boreal', name => 'Boreal', owner_email => 'olga@atlas.test', owner_name => 'Somebody Else', locale => 'en',
  timezone => 'Europe/London', currency => 'GBP')).id);
select tests.act_as('the database');
select results_eq(
  $$select key, name from app_public.roles where organization_id = tests.id('boreal') order by key$$,
  $$values ('admin', 'Administrator'), ('billing', 'Billing'), ('front_desk', 'Front desk'), ('owner', 'Owner'), ('specialist', 'Specialist')$$,
  'an English clinic has English roles');
select is((select count(*) from app_public.humans where email = 'olga@atlas.test'), 1::bigint, 'who owns two clinics is one human');
select is((select display_name from app_public.humans where email = 'olga@atlas.test'), 'Olga Dobre', 'who keeps their name');
select * from finish();
rollback;
