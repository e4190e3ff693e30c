-- Test: remove_organization - a closed clinic is nobody's any more, and everything is back when it opens again. FND-10, FND-01.
begin;
select plan(27);
select tests.person('root', superadmin => true);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.specialist('stefan', '{"mon": [["09:00", "12:00"]]}', account => true);
select tests.calendar('mondays', '{stefan}');
select tests.appointment('visit', 'ana', 'mondays', 'stefan', now() + interval '3 days');
create function pg_temp.opened() returns text[] language sql as $$
  select array_agg(distinct o) from (
    select 'clinic' from app_public.organizations where id = tests.id('atlas')
    union all select 'services' from app_public.services
    union all select 'appointments' from app_public.appointments
    union all select 'members' from app_public.memberships
    union all select 'permissions' where app_hidden.has_permission(tests.id('atlas'), 'organization.manage')
  ) as seen (o)
$$;
select r.* from unnest('{olga,ana,otto}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral tests.refuses($$select app_public.remove_organization(tests.id('atlas'))$$, 'FORBIDDEN', 'superadmin_only', p || ' closes no clinic') r;
select tests.act_as('a visitor');
select throws_ok($$select app_public.remove_organization(tests.id('atlas'))$$, '42501', null, 'nor does a visitor');
select tests.act_as('root');
select * from tests.refuses($$select app_public.remove_organization(tests.id('atlas'))$$, 'CONFLICT', 'has_future_appointments', 'one that people count on');
select * from tests.refuses($$select app_public.remove_organization(uuidv7())$$, 'NOT_FOUND', 'not_found', 'one that is none');
select tests.act_as('olga');
select app_public.cancel_appointment(tests.id('visit'));
select is(pg_temp.opened(), '{appointments,clinic,members,permissions,services}', 'the owner sees the clinic');
select tests.act_as('ana');
select is(pg_temp.opened(), '{appointments,clinic,services}', 'so does the patient');

select tests.act_as('root');
select isnt((app_public.remove_organization(tests.id('atlas'))).deleted_at, null, 'the platform closes it');
select is(pg_temp.opened(), null, 'and sees it no more');
select * from tests.refuses($$select app_public.remove_organization(tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'it is closed once');
select r from unnest('{olga,stefan,ana}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral is(pg_temp.opened(), null, p || ' sees nothing of it') r;
select tests.act_as('olga');
select * from tests.refuses($$select app_public.restore_deleted_row('organizations', tests.id('atlas'))$$, 'FORBIDDEN', 'superadmin_only', 'its owner does not open it again');
select tests.act_as('a visitor');
select is(app_public.clinic_by_slug('atlas')::text, null, 'visitors do not find it');
select tests.act_as('the authenticator');
select throws_ok(format('select app_hidden.sign_in(%L, %L, %L, %L, true, %L, null, %L)', 'https://tests', 'olga', 's', 'olga@people.test', 'Olga', tests.id('atlas')),
  'RX403', 'not_of_this_clinic', 'a session that names it is refused');

select tests.act_as('root');
select is((app_public.restore_deleted_row('organizations', tests.id('atlas'))).label, 'Atlas', 'the platform opens it again');
select tests.act_as('olga');
select is(pg_temp.opened(), '{appointments,clinic,members,permissions,services}', 'and everything is there');
select tests.act_as('ana');
select is(pg_temp.opened(), '{appointments,clinic,services}', 'for patients too');
select * from finish();
rollback;
