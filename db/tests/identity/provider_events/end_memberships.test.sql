-- Test: end_provider_membership - who leaves the clinic's organization at the provider leaves the clinic. FND-25, FND-04.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.person('root', superadmin => true);
select tests.staff('adrian', 'admin', 'boreal');
create function pg_temp.left_at(at timestamptz, subject text default 'adrian', org text default 'org_atlas', issuer text default 'https://tests')
returns text language sql as $$select app_hidden.end_provider_membership(issuer, org, subject, at)$$;
create function pg_temp.members() returns text language sql as $$
  select string_agg(o.slug || ' ' || h.display_name, ', ' order by o.slug, h.display_name)
  from app_public.memberships m join app_public.organizations o on o.id = m.organization_id join app_public.humans h on h.principal_id = m.human_id
  where m.ended_at is null;
$$;

select tests.act_as('olga');
select * from tests.refuses($$select app_public.map_provider_organization(tests.id('atlas'), 'https://tests', 'org_atlas')$$,
  'FORBIDDEN', 'superadmin_only', 'an owner maps nothing');
select tests.act_as('the authenticator');
select is(pg_temp.left_at('2027-03-01 09:00+02'), 'ignored', 'an organization that stands for no clinic');
select tests.act_as('root');
select * from tests.refuses($$select app_public.map_provider_organization(uuidv7(), 'https://tests', 'org_atlas')$$,
  'NOT_FOUND', 'organization_not_found', 'a clinic that is none');
select tests.act_as('the database');
update app_public.organizations set deleted_at = now() where slug = 'boreal';
select tests.act_as('root');
select throws_ok($$select app_public.map_provider_organization(tests.id('boreal'), 'https://tests', 'org_boreal')$$, 'RX404', 'organization_not_found', 'one that closed is none');
select tests.act_as('the database');
update app_public.organizations set deleted_at = null where slug = 'boreal';
select tests.act_as('root');
select is((app_public.map_provider_organization(tests.id('atlas'), 'https://tests', 'org_other')).slug, 'atlas', 'the platform maps one');
select is((app_public.map_provider_organization(tests.id('atlas'), 'https://tests', 'org_atlas')).slug, 'atlas', 'and again, otherwise');
select throws_ok($$select app_public.map_provider_organization(tests.id('boreal'), 'https://tests', 'org_atlas')$$, '23505', null, 'it stands for one clinic only');

select tests.act_as('the authenticator');
select is(pg_temp.left_at('2027-03-01 09:00+02', org => 'org_other'), 'ignored', 'the mapping that was replaced');
select is(pg_temp.left_at('2027-03-01 09:00+02', issuer => 'https://elsewhere'), 'ignored', 'another provider''s organization of that name');
select is(pg_temp.left_at('2027-03-01 09:00+02', 'nobody'), 'ignored', 'somebody who never signed in');
select is(pg_temp.left_at('2027-03-01 09:00+02', 'root'), 'ignored', 'somebody who is no member');
select is(pg_temp.left_at('2027-03-01 07:00+02'), 'stale', 'what happened before he came to the clinic');
select tests.act_as('the database');
select is(pg_temp.members(), 'atlas Adrian, atlas Olga, boreal Adrian', 'all of that changed nothing');

select tests.act_as('the authenticator');
select is(pg_temp.left_at('2027-03-01 09:00+02'), 'applied', 'he leaves');
select is(pg_temp.left_at('2027-03-01 09:00+02'), 'unchanged', 'once');
select is(pg_temp.left_at('2027-03-01 09:00+02', 'olga'), 'last_owner', 'the last owner stays');
select tests.act_as('the database');
select is(pg_temp.members(), 'atlas Olga, boreal Adrian', 'he left this clinic and no other');
select tests.staff('otto', 'owner', 'atlas');
select tests.act_as('the authenticator');
select is(pg_temp.left_at('2027-03-01 09:00+02', 'olga'), 'applied', 'one of two owners does not have to stay');
select is((select reason from app_hidden.sessions_over('{https://tests}', '{olga}', '{s}', array[tests.id('atlas')])), 'not_of_this_clinic', 'her sockets at the clinic close');

select tests.freeze_time('2027-03-02 08:00+02');
select tests.act_as('otto');
select tests.remember('invitation', (app_public.invite_member(tests.id('atlas'), 'adrian@people.test', 'Adrian',
  array[(select id from app_public.roles where organization_id = tests.id('atlas') and key = 'front_desk')])).id);
select tests.act_as('adrian');
select lives_ok($$select app_public.accept_invitation(tests.id('invitation'))$$, 'he comes back');
select tests.act_as('the authenticator');
select is(pg_temp.left_at('2027-03-01 09:30+02'), 'stale', 'and an old farewell does not send him away again');
select tests.act_as('the database');
select is(pg_temp.members(), 'atlas Adrian, atlas Otto, boreal Adrian', 'he is there');
select * from finish();
rollback;
