-- Test: open_first_clinic - an empty platform gets its superadmin and its first clinic, once. FND-36, FND-01, FND-02.
begin;
select plan(20);
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
update app_public.principals set disabled_at = now()
where id = (select principal_id from app_public.humans where email = 'dan@platform.test');
select tests.refuses(
  $$select pg_temp.open(superadmin => 'dan@platform.test', another => true)$$, 'CONFLICT', 'account_disabled', 'a closed account');
select tests.act_as('the database');
select is(
  (select array_agg(role::text) from unnest('{app_anonymous,app_member,app_link,app_authenticator,app_worker,app_telemetry,app_analyst}'::regrole[]) role
   where has_function_privilege(role,
     'app_private.open_first_clinic(text,text,text,text,text,text,text,text,text,boolean)', 'execute')),
  null, 'no role of the API may call it');
select * from finish();
rollback;
