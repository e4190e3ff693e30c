-- Test: organization_ids_where, and the lists current_staff_organization_ids, current_patient_organization_ids,
-- current_specialist_ids, current_colleague_ids, current_human_patient_profile_ids, is_superadmin - what ended, was removed or belongs to
-- somebody else opens nothing; belongs_to says the same of whoever signs in. FND-03, FND-04, FND-07, SPC-02.
begin;
select plan(33);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('olga', 'owner');
select tests.staff('otto', 'owner');
select tests.patient('ana');
select tests.specialist('sorin', account => true);
select tests.clinic('atlas');
select tests.staff('olga', 'billing');
select tests.staff('nora', 'admin');
select tests.specialist('stefan', account => true);
select tests.patient('ana');
select tests.patient('carmen', account => false);
select tests.patient('bogdan');
select tests.caregiver('corina', 'carmen');
select tests.person('a stranger');
select tests.person('irina', superadmin => true);
create function pg_temp.named(ids uuid[]) returns text[] language sql security definer as $$
  select coalesce(array_agg(o.slug order by o.slug), '{}') from app_public.organizations o where o.id = any (ids);
$$;
-- Clinics as staff, with the right to members, as a patient; then how many specialists, colleagues and people.
create function pg_temp.standing(clinic text default null) returns text language sql as $$
  select set_config('app.organization_id', coalesce(tests.id(clinic)::text, ''), true) where clinic is not null;
  select set_config('app.organization_id', '', true) where clinic is null;
  select row(pg_temp.named(app_hidden.current_staff_organization_ids()), pg_temp.named(app_hidden.organization_ids_where('members.manage')),
             pg_temp.named(app_hidden.current_patient_organization_ids()), cardinality(app_hidden.current_specialist_ids()),
             cardinality(app_hidden.current_colleague_ids()), cardinality(app_hidden.current_human_patient_profile_ids()))::text;
$$;
create function pg_temp.belongs(who text) returns text[] language sql security definer as $$
  select coalesce(array_agg(clinic order by clinic), '{}') from unnest('{atlas,boreal}'::text[]) clinic
  where app_private.belongs_to((select principal_id from tests.personas where name = who), tests.id(clinic));
$$;

select r from (values
    ('olga', null, '("{atlas,boreal}",{boreal},{},0,5,0)'), ('olga', 'atlas', '({atlas},{},{},0,3,0)'), ('olga', 'boreal', '({boreal},{boreal},{},0,3,0)'),
    ('nora', null, '({atlas},{atlas},{},0,3,0)'), ('ana', 'atlas', '({},{},{atlas},0,0,1)'), ('ana', null, '({},{},"{atlas,boreal}",0,0,1)'),
    ('corina', null, '({},{},{atlas},0,0,1)'), ('stefan', null, '({atlas},{},{},1,3,0)')
  ) as t (persona, clinic, standing),
  lateral (select tests.act_as((select principal_id from tests.personas where name = persona), null::uuid)) a,
  lateral is(pg_temp.standing(clinic), standing, persona || ', ' || coalesce('asking about ' || clinic, 'asking about none')) r;
select tests.act_as('the database');
select is(pg_temp.belongs(who), clinics::text[], who || ' belongs to ' || clinics)
from (values ('olga', '{atlas,boreal}'), ('otto', '{boreal}'), ('ana', '{atlas,boreal}'), ('corina', '{atlas}'), ('a stranger', '{}'), ('irina', '{atlas,boreal}')) as t (who, clinics);

-- Atlas closes: nobody works there, nobody is a patient there.
update app_public.organizations set deleted_at = app_hidden.now() where slug = 'atlas';
select r from (values
    ('olga', '({boreal},{boreal},{},0,3,0)'), ('nora', '({},{},{},0,0,0)'), ('stefan', '({},{},{},0,0,0)'), ('ana', '({},{},{boreal},0,0,1)'), ('corina', '({},{},{},0,0,1)')
  ) as t (persona, standing),
  lateral (select tests.act_as((select principal_id from tests.personas where name = persona), null::uuid)) a,
  lateral is(pg_temp.standing(), standing, persona || ' once atlas is closed') r;
select tests.act_as('the database');
select is(pg_temp.belongs(who), clinics::text[], who || ' belongs to ' || clinics || ' then')
from (values ('olga', '{boreal}'), ('ana', '{boreal}'), ('corina', '{}')) as t (who, clinics);
update app_public.organizations set deleted_at = null where slug = 'atlas';

-- One thing ends at a time.
create function pg_temp.after(statement text, persona text) returns text language plpgsql as $$
declare v_standing text;
begin
  execute statement;
  perform tests.act_as((select principal_id from tests.personas where name = persona), null::uuid);
  v_standing := pg_temp.standing() || ' ' || pg_temp.belongs(persona)::text;
  perform tests.act_as('the database');
  raise exception using message = v_standing, errcode = 'ZZ000';
exception when sqlstate 'ZZ000' then
  return sqlerrm;
end $$;
select is(pg_temp.after(statement, persona), standing, why)
from (values
  ($$update app_public.memberships set ended_at = app_hidden.now() where human_id = (select principal_id from tests.personas where name = 'nora')$$, 'nora', '({},{},{},0,0,0) {}', 'who left works nowhere'),
  ($$update app_public.memberships set ended_at = app_hidden.now() where human_id = (select principal_id from tests.personas where name = 'nora')$$, 'stefan', '({atlas},{},{},1,2,0) {atlas}', '… and is nobody''s colleague'),
  ($$update app_public.specialists set deleted_at = app_hidden.now() where id = tests.id('stefan')$$, 'stefan', '({atlas},{},{},0,3,0) {atlas}', 'a specialist who was removed is none'),
  ($$update app_public.caregivers set revoked_at = app_hidden.now()$$, 'corina', '({},{},{},0,0,0) {}', 'a link that was ended is none'),
  ($$update app_public.caregivers set ends_on = '2027-03-01'$$, 'corina', '({},{},{},0,0,0) {}', 'nor is one on its last day'),
  ($$update app_public.caregivers set ends_on = '2027-03-02'$$, 'corina', '({},{},{atlas},0,0,1) {atlas}', 'the day before it is'),
  ($$update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('carmen at atlas')$$, 'corina', '({},{},{},0,0,1) {}', 'of a patient who was removed the caregiver keeps the person'),
  ($$update app_public.principals set disabled_at = app_hidden.now() where id = (select principal_id from tests.personas where name = 'corina')$$, 'corina', '({},{},{},0,0,0) {atlas}', 'a closed account acts for nobody'),
  ($$update app_public.principals set disabled_at = app_hidden.now() where id = (select principal_id from tests.personas where name = 'olga')$$, 'olga', '({},{},{},0,0,0) {atlas,boreal}', '… and works nowhere')
) as t (statement, persona, standing, why);
select tests.act_as('irina');
select ok(app_hidden.is_superadmin(), 'who runs the platform does');
select tests.act_as('the database');
update app_public.principals set disabled_at = app_hidden.now() where id = tests.id('irina');
select tests.act_as('irina');
select ok(not app_hidden.is_superadmin(), 'and does not with a closed account');
select * from finish();
rollback;
