-- Test: remove_patient - with the appointments at the clinic, once none is to come; both come back together. FND-10, FND-07.
begin;
select plan(22);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.specialist('sorin');
select tests.calendar('northern', '{sorin}');
select tests.patient('elena');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', account => true);
select tests.calendar('mondays', '{stefan}');
select tests.patient('elena');
select tests.appointment('past', 'elena', 'mondays', 'stefan', now() - interval '3 days');
select tests.appointment('mistaken', 'elena', 'mondays', 'stefan', now() - interval '2 days');
select tests.appointment('next', 'elena', 'mondays', 'stefan', now() + interval '3 days');
select tests.appointment('at the other clinic', 'elena', 'northern', 'sorin', now() + interval '3 days');
update app_public.appointments set deleted_at = now() - interval '1 hour' where id = tests.id('mistaken');
create function pg_temp.seen() returns bigint[] language sql as
  'select array[(select count(*) from app_public.patients), (select count(*) from app_public.appointments), (select count(*) from app_public.appointment_moves)]';

select tests.act_as('stefan');
select * from tests.refuses($$select app_public.remove_patient(tests.id('elena at atlas'))$$, 'FORBIDDEN', 'permission_missing', 'a specialist');
select r.* from unnest('{otto,elena}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral tests.refuses($$select app_public.remove_patient(tests.id('elena at atlas'))$$, 'NOT_FOUND', 'not_found', p || ' is told nothing') r;
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.remove_patient(tests.id('elena at atlas'))$$, 'CONFLICT', 'has_future_appointments', 'somebody who is expected');
select * from tests.refuses($$select app_public.remove_patient(tests.id('elena at boreal'))$$, 'NOT_FOUND', 'not_found', 'the record at another clinic');
select app_public.cancel_appointment(tests.id('next'));
select is(pg_temp.seen(), '{1,2,3}', 'front desk sees the patient, the appointments and their moves');

select isnt((app_public.remove_patient(tests.id('elena at atlas'))).deleted_at, null, 'the patient is removed');
select is(pg_temp.seen(), '{0,0,0}', 'with the appointments and their moves');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'and the profile');
select is((select array_agg(entity order by entity) from app_public.deleted_rows()), '{patients}',
  'listed: the patient, who stands for what belongs to them');
select * from tests.refuses($$select app_public.restore_deleted_row('appointments', tests.id('mistaken'))$$, 'CONFLICT',
  'belongs_to_something_deleted', 'an appointment does not come back without its patient');
select tests.act_as('otto');
select is(pg_temp.seen(), '{1,1,1}', 'the other clinic notices nothing');

select tests.act_as('flavia');
select is((app_public.restore_deleted_row('patients', tests.id('elena at atlas'))).label, 'Elena Popescu', 'the patient comes back');
select is(pg_temp.seen(), '{1,2,3}', 'with what went along, without what had been removed before');
select app_public.remove_patient(tests.id('elena at atlas'));
select tests.act_as('the database');
select app_private.admit_patient(tests.id('atlas'), tests.id('elena'));
select tests.act_as('flavia');
select is(pg_temp.seen(), '{1,2,3}', 'whoever is admitted again finds the appointments again');
select tests.act_as('the database');
select is((select count(*) from app_private.events where name = 'patient.onboarded' and subject_id = tests.id('elena at atlas')), 1::bigint, 'and that is news');
select * from finish();
rollback;
