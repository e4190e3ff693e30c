-- Test: appoint_first_owner - who has an account is asked; a closed account, an address nobody proved and a sign-in of another organization at the provider are none. FND-01, FND-02, FND-04.
begin;
select plan(4);
select tests.person('root', superadmin => true);
select tests.person('open'), tests.person('closed'), tests.person('unproved'), tests.person('elsewhere');
update app_public.humans set closed_at = now() where principal_id = tests.id('closed');
update app_public.humans set email_verified_at = null where principal_id = tests.id('unproved');
update app_public.humans set provider_org_id = 'org_elsewhere' where principal_id = tests.id('elsewhere');
-- Who owns a clinic for which the address of this person was given.
create function pg_temp.owner_of(person text) returns text language sql security definer as $$
  select coalesce(
    (select case when m.human_id = tests.id(person) then 'the account' else 'somebody new' end
     from app_public.memberships m where m.organization_id = tests.id('clinic of ' || person)),
    (select 'nobody, and ' || i.status from app_public.invitations i
     where i.organization_id = tests.id('clinic of ' || person) and i.email = person || '@people.test'))
$$;
select tests.act_as('root');
select tests.remember('clinic of ' || person, (app_public.create_organization(person, person, person || '@people.test', person)).id)
from unnest('{open,closed,unproved,elsewhere}'::text[]) as person;
select tests.act_as('the database');
select is(pg_temp.owner_of('open'), 'nobody, and open', 'who has an account is asked');
select is(pg_temp.owner_of('closed'), 'somebody new', 'who has the address of a closed account is somebody else, and named');
select is(pg_temp.owner_of('unproved'), 'the account', 'who was named before and never signed in is named again');
select is(pg_temp.owner_of('elsewhere'), 'somebody new', 'who signs in at another organization of the provider is another human');
select * from finish();
rollback;
