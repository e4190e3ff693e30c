-- Test: principals - a closed account holds no permission, is no patient and cares for nobody, inside a request too. FND-03, FND-04, FND-07.
begin;
select plan(8);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.patient('carmen', account => false);
select tests.caregiver('corina', 'carmen');
select tests.specialist('stefan', account => true);
create function pg_temp.standing() returns text language sql as $$
  select row(cardinality(app_hidden.current_staff_organization_ids()), cardinality(app_hidden.organization_ids_where('specialists.view_org')),
             cardinality(app_hidden.current_human_patient_profile_ids()), cardinality(app_hidden.current_patient_organization_ids()),
             cardinality(app_hidden.current_specialist_ids()))::text;
$$;
select r from (values ('olga', '(1,1,0,0,0)'), ('stefan''s account', '(1,1,0,0,1)'), ('ana', '(0,0,1,1,0)'), ('corina', '(0,0,1,1,0)')) as t (persona, standing),
  lateral (select case persona when 'stefan''s account' then tests.act_as((select principal_id from tests.personas where name = 'stefan'), null::uuid) else tests.act_as(persona) end) a,
  lateral is(pg_temp.standing(), standing, persona || ' while the account is open') r;
select tests.act_as('the database');
update app_public.principals set disabled_at = now();
select r from (values ('olga'), ('stefan''s account'), ('ana'), ('corina')) as t (persona),
  lateral (select case persona when 'stefan''s account' then tests.act_as((select principal_id from tests.personas where name = 'stefan'), null::uuid) else tests.act_as(persona) end) a,
  lateral is(pg_temp.standing(), '(0,0,0,0,0)', persona || ' when it is closed') r;
select * from finish();
rollback;
