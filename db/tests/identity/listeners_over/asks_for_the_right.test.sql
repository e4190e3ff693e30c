-- Test: listeners_over - who listens to a clinic has its permission, at this moment, in the clinic that their connection names. FND-15, FND-04.
begin;
select plan(9);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('flavia', 'front_desk', 'boreal');
select tests.patient('ioana');
select tests.act_as('the database');
create function pg_temp.over(name text, clinic text, named text default null, permission text default 'appointments.view') returns text language sql as $$
  select coalesce((select place || ' ' || reason from app_hidden.listeners_over(
    array[(select principal_id from tests.personas where personas.name = over.name limit 1)], array[case when named <> '' then tests.id(named) end],
    array[tests.id(clinic)], array[permission])), 'may')
$$;
select is(pg_temp.over('flavia', 'atlas'), 'may', 'front desk');
select is(pg_temp.over('flavia', 'atlas', 'atlas'), 'may', 'in that clinic');
select is(pg_temp.over('flavia', 'boreal', 'atlas'), '1 not_found', 'in another of theirs, which their connection does not name');
select is(pg_temp.over('filip', 'atlas'), '1 not_found', 'another clinic''s');
select is(pg_temp.over('ioana', 'atlas'), '1 not_found', 'a patient');
select is(pg_temp.over('flavia', 'atlas', permission => 'organization.manage'), '1 permission_missing', 'a colleague without the right');
select results_eq($$select o.* from (select array_agg(distinct principal_id) filter (where name = 'filip') as f, array_agg(distinct principal_id) filter (where name = 'flavia') as l from tests.personas) as p,
    app_hidden.listeners_over(p.f || p.l || p.f, array_fill(null::uuid, '{3}'), array[tests.id('atlas'), tests.id('atlas'), tests.id('boreal')], array_fill('appointments.view'::text, '{3}')) as o$$,
  $$values (1, 'not_found')$$, 'each is asked about by themselves');
update app_public.memberships set ended_at = now() where organization_id = tests.id('atlas');
select is(pg_temp.over('flavia', 'atlas'), '1 not_found', 'who has left');
select tests.act_as('flavia');
select throws_ok($$select app_hidden.listeners_over('{}', '{}', '{}', '{}')$$, '42501', null, 'nobody asks but the server');
select * from finish();
rollback;
