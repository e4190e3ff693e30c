-- Test: open_first_clinic - an empty platform gets its superadmin and its first clinic, once. FND-36, FND-01, FND-02.
begin;
select plan(32);
select tests.freeze_time('2027-03-01 08:00+02');
create function pg_temp.open(
  superadmin text default 'irina@platform.test', slug text default 'atlas', owner text default 'olga@atlas.test', another boolean default false
) returns boolean language sql as $$
  select app_private.open_first_clinic(
    superadmin_email => superadmin, superadmin_name => 'Irina Vasilescu', slug => slug, name => 'Clinica Atlas',
    owner_email => owner, owner_name => 'Olga Dobre', another => another)
$$;
set local role app_engine;
select is(pg_temp.open(), true, 'the superadmin and the clinic are made');
select is(pg_temp.open(), false, 'the same once more finds them and makes nothing');
reset role;
select results_eq(
  $$select h.email, h.display_name, h.email_verified_at from app_public.principals p join app_public.humans h on h.principal_id = p.id
    where p.platform_role = 'superadmin'$$,
  $$values ('irina@platform.test', 'Irina Vasilescu', null::timestamptz)$$,
  'there is one superadmin, who has not signed in yet');
select results_eq(
  $$select h.email, r.system_role_key from app_public.memberships m
    join app_public.humans h on h.principal_id = m.human_id
    join app_public.membership_roles mr on mr.membership_id = m.id join app_public.roles r on r.id = mr.role_id
    join app_public.organizations o on o.id = m.organization_id where o.slug = 'atlas'$$,
  $$values ('olga@atlas.test', 'owner')$$, 'the clinic has its owner and nobody else');
select is(
  (select count(*) from audit.entries where table_name = 'app_public.principals' and changed @> '{platform_role}'),
  1::bigint, 'that somebody became superadmin is in the audit, once');
select isnt_empty(
  $$select from audit.entries e join app_public.humans h on h.principal_id = e.actor_id
    where e.table_name = 'app_public.organizations' and h.email = 'irina@platform.test'$$,
  'the clinic was opened by the superadmin');

-- Signs in for the first time, with the verified address, and is the superadmin.
select is(
  app_hidden.sign_in('https://clerk.test', 'user_1', 'sess_1', 'Irina@Platform.test', true, 'Irina', 'en', null),
  (select principal_id from app_public.humans where email = 'irina@platform.test'), 'who proves the address is the superadmin');

select tests.refuses($$select pg_temp.open(superadmin => 'eva@elsewhere.test')$$, 'CONFLICT', 'platform_has_a_superadmin', 'another superadmin');
select tests.refuses($$select pg_temp.open(slug => 'boreal')$$, 'CONFLICT', 'platform_has_a_superadmin', 'another clinic');
select tests.refuses($$select pg_temp.open(owner => 'eva@elsewhere.test', another => true)$$, 'CONFLICT', 'slug_taken', 'the clinic of somebody else');
set local role app_engine;
select is(pg_temp.open(superadmin => 'dan@platform.test', slug => 'boreal', another => true), true, 'another one is made when it is meant');
select is(
  pg_temp.open(superadmin => 'dan@platform.test', slug => 'cetus', owner => 'irina@platform.test', another => true), true,
  'also for an owner who has an account');
select is(
  pg_temp.open(superadmin => 'dan@platform.test', slug => 'cetus', owner => 'irina@platform.test', another => true), false,
  'and found again while they are invited');
reset role;
select results_eq(
  $$select i.email, i.status from app_public.invitations i join app_public.organizations o on o.id = i.organization_id where o.slug = 'cetus'$$,
  $$values ('irina@platform.test', 'open')$$, 'which they are, once');

-- Whose a clinic is: of who owns it today, or is asked to, and of nobody else.
select tests.clinic('delta');
select tests.staff('dora', 'owner');
select tests.remember(slug, id) from app_public.organizations where slug in ('atlas', 'cetus');
select tests.staff('ada', 'admin', 'atlas');
select tests.staff('former', 'owner', 'atlas');
update app_public.memberships set ended_at = now() where human_id = tests.id('former');
insert into app_public.invitations (organization_id, kind, email, name, invited_by, expires_at)
select tests.id('cetus'), 'member', who || '@people.test', 'Asked', tests.id('dora'), app_hidden.now() + interval '1 day'
from unnest('{open,declined}'::text[]) who;
update app_public.invitations set status = 'declined' where email = 'declined@people.test';
insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
select organization_id, id, tests.role_id(case status when 'open' then 'admin' else 'owner' end, 'cetus')
from app_public.invitations where email in ('open@people.test', 'declined@people.test');
select throws_ok(format('select pg_temp.open(slug => %L, owner => %L, another => true)', clinic, email), 'RX409', 'slug_taken', who)
from (values
  ('atlas', 'dora@people.test', 'an owner of another clinic'),
  ('atlas', 'ada@people.test', 'who works there, and does not own it'),
  ('atlas', 'former@people.test', 'who owned it'),
  ('atlas', 'irina@platform.test', 'who is asked to own another clinic'),
  ('cetus', 'olga@atlas.test', 'another address than the one that is asked'),
  ('cetus', 'open@people.test', 'who is asked to work there'),
  ('cetus', 'declined@people.test', 'who declined to own it')) as t (clinic, email, who);

-- A clinic that is there is not opened again; one that was closed is not there, and keeps its slug.
set local role app_engine;
select is(pg_temp.open(superadmin => 'eva@platform.test', another => true), true, 'somebody becomes superadmin beside it');
reset role;
select is((select count(*) from app_public.organizations where slug = 'atlas'), 1::bigint, 'it stands as it was');
update app_public.organizations set deleted_at = now() where slug = 'delta';
select * from tests.breaks($$select pg_temp.open(slug => 'delta', owner => 'dora@people.test', another => true)$$,
  'organizations_slug_is_unique', 'its owner is not told that a closed clinic is there');
update app_public.principals set disabled_at = now()
where id = (select principal_id from app_public.humans where email = 'dan@platform.test');
select tests.refuses(
  $$select pg_temp.open(superadmin => 'dan@platform.test', another => true)$$, 'CONFLICT', 'account_disabled', 'a closed account');
update app_public.principals set disabled_at = now() where platform_role = 'superadmin';
set local role app_engine;
select is(pg_temp.open(superadmin => 'ina@platform.test', slug => 'gamma'), true, 'a platform whose superadmins are all closed has none');
reset role;
select tests.act_as('the database');
select is(
  (select array_agg(role::text) from unnest('{app_anonymous,app_member,app_link,app_authenticator,app_worker,app_telemetry,app_analyst}'::regrole[]) role
   where has_function_privilege(role,
     'app_private.open_first_clinic(text,text,text,text,text,text,text,text,text,boolean)', 'execute')),
  null, 'no role of the API may call it');
select * from finish();
rollback;
