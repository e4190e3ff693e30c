-- Test: create_organization - a draft is nobody's business until it is activated. FND-01, TEN-01.
begin;
select plan(5);
select tests.person('root', superadmin => true);
select tests.act_as('root');
select tests.remember('atlas', (app_public.create_organization('atlas', 'Atlas', 'olga@atlas.test', 'Olga', draft => true)).id);

select tests.act_as('a visitor');
select is((app_public.clinic_by_slug('atlas')).id, null, 'a visitor does not find it');
select tests.act_as('the database');
select is((select activated_at from app_public.organizations where id = tests.id('atlas')), null, 'it is not active');
select is(tests.events_of(tests.id('atlas')), '{organization.created}', 'it was created and not activated');
select is((select count(*) from app_public.messages), 0::bigint, 'nobody is written to');
select is((select count(*) from app_public.roles where organization_id = tests.id('atlas')), 5::bigint, 'its roles are ready');
select * from finish();
rollback;
