-- Test: a session at home is started - by the patient or who cares for them, where it is open to them, recorded as far as they consent. EXE-05, TEL-01, TEL-06, CAT-08.
begin;
select plan(51);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('carmen', account => false, birth_date => '2020-01-01');
select tests.person('corina'), tests.caregiver('corina', 'carmen');
select tests.treatment_plan('knee', 3, 1), tests.assigned('ana', 'knee'), tests.assigned('carmen', 'knee'), tests.assigned('bogdan', 'knee');
select tests.remember('fracture', (select id from app_public.exercise_contraindications where exercise_id = tests.id('squat')));
create function pg_temp.start(session text, acknowledged uuid[] default array[tests.id('fracture')])
returns table (id uuid, organization_id uuid, patient_profile_id uuid, scopes text[], expires_at timestamptz) language sql as $$
  select * from app_hidden.start_exercise_session(tests.id(session), null, null, acknowledged)
$$;
create function pg_temp.extra(plan text, place int) returns table (id uuid, patient_session_id uuid) language sql as $$
  select r.id, r.patient_session_id from app_hidden.start_exercise_session(null, tests.id(plan), place, array[tests.id('fracture')]) s
  join app_public.exercise_sessions r on r.id = s.id
$$;
create function pg_temp.analytics(who text) returns void language plpgsql as $$
begin
  perform tests.act_as(who);
  perform app_public.give_consent((select purpose_version_id from app_public.my_consents() where purpose_code = 'analytics'));
end $$;

-- Whether it is open.
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.start('ana''s knee 1')$$, 'FORBIDDEN', 'telerehab_closed', 'nothing opens sessions from home to her');
select is((select status from app_public.patient_sessions where id = tests.id('ana''s knee 1')), 'due', 'so nothing has begun');
select tests.act_as('the database');
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');

-- What is refused.
select tests.act_as('beata');
select * from tests.refuses($$select pg_temp.start('ana''s knee 1')$$, 'NOT_FOUND', 'session_not_found', 'another clinic sees none');
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.start('ana''s knee 1')$$, 'NOT_FOUND', 'session_not_found', 'nor another patient');
select tests.act_as('a visitor');
select * from tests.refuses($$select pg_temp.start('ana''s knee 1')$$, '42501', null, 'nor a visitor');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.start('ana''s knee 1')$$, 'FORBIDDEN', 'only_the_patient', 'staff do not do them for the patient');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.start('ana''s knee 2')$$, 'STATE', 'session_not_due', 'not before its day');
select * from tests.refuses($$select pg_temp.start('ana''s knee 4')$$, 'STATE', 'session_is_in_the_clinic', 'not what is done in the clinic');
select * from tests.refuses($$select pg_temp.start('ana''s knee 1', '{}')$$, 'STATE', 'contraindications_not_acknowledged', 'whom it may harm is read before');
select * from tests.refuses($$select app_hidden.start_exercise_session(null, null, null, null)$$, 'VALIDATION', 'session_or_plan', 'something is started');
select * from tests.refuses($$select app_hidden.start_exercise_session(null, tests.id('ana''s knee'), null, null)$$, 'VALIDATION', 'session_or_plan', 'of a plan one of its sessions');
select * from tests.refuses($$select app_hidden.start_exercise_session(tests.id('ana''s knee 1'), tests.id('ana''s knee'), 1, null)$$, 'VALIDATION', 'session_or_plan', 'one or the other');
select * from tests.refuses($$select app_hidden.start_exercise_session(tests.id('ana''s knee 1'), null, 1, null)$$, 'VALIDATION', 'session_or_plan', 'and nothing beside');
select * from tests.refuses($$select pg_temp.extra('ana''s knee', 1)$$, 'STATE', 'no_extra_sessions', 'nothing more than the plan allows');

-- Without any consent it is done, and nobody looks on.
select results_eq($$select s.organization_id, s.patient_profile_id, s.scopes, s.expires_at from pg_temp.start('ana''s knee 1') s$$,
  $$values (tests.id('atlas'), tests.id('ana'), '{}'::text[], timestamptz '2027-03-01 11:15+02')$$, 'without a consent nothing is recorded');
select is((select count(*) from app_public.exercise_sessions), 1::bigint, 'she sees what is recorded');
select results_eq($$select s.status, s.started_at from app_public.patient_sessions s where s.id = tests.id('ana''s knee 1')$$, $$values ('started', app_hidden.now())$$, 'it has begun');
select is((select count(*) from app_public.exercise_sessions where patient_session_id = tests.id('ana''s knee 1')), 1::bigint, 'one recording');

-- With consents, given meanwhile.
select tests.act_as('the database');
select tests.consent('ana', 'biometric_capture');
select pg_temp.analytics('ana');
select tests.freeze_time('2027-03-01 10:10+02');
select results_eq($$select s.id, s.scopes, s.expires_at from pg_temp.start('ana''s knee 1', null) s$$,
  $$select id, '{media,pose}'::text[], timestamptz '2027-03-01 11:15+02' from app_public.exercise_sessions$$, 'started once more it is the same, recorded as she consents now');
select is((select scopes from app_public.exercise_sessions), '{media,pose}', 'which is kept');

-- Withdrawn meanwhile.
select tests.freeze_time('2027-03-01 10:20+02');
select app_public.withdraw_consent('biometric_capture', tests.id('ana at atlas'));
select results_eq($$select s.scopes from pg_temp.start('ana''s knee 1') s$$, $$values ('{media}'::text[])$$, 'what was withdrawn is not recorded any more');
select tests.act_as('the database');
select tests.freeze_time('2027-03-01 10:30+02');
select tests.consent('ana', 'biometric_capture');
select is(app_private.withdrawals_since(r), '{"pose": "2027-03-01T08:20:00+00:00"}', 'the first withdrawal counts') from app_public.exercise_sessions r;
select tests.act_as('ana');
select results_eq($$select s.scopes from pg_temp.start('ana''s knee 1') s$$, $$values ('{media}'::text[])$$, 'consenting once more counts for the next recording');
select app_public.withdraw_consent('analytics');
select results_eq($$select s.scopes from pg_temp.start('ana''s knee 1') s$$, $$values ('{}'::text[])$$, 'the player is counted by the consent of the account');
select tests.freeze_time('2027-03-01 11:15+02');
select is((select s.expires_at from pg_temp.start('ana''s knee 1') s), timestamptz '2027-03-01 12:30+02', 'once it has run out there is another one');
select is((select array_agg(array_to_string(scopes, '+') order by started_at) from app_public.exercise_sessions), '{media+pose,pose}', 'with scopes of its own');
select tests.act_as('the database');
update app_public.exercise_sessions set ended_at = app_hidden.now() where expires_at > app_hidden.now();
select tests.act_as('ana');
select pg_temp.start('ana''s knee 1');
select is((select count(*) from app_public.exercise_sessions), 3::bigint, 'and so once it has ended');
select app_public.complete_session(tests.id('ana''s knee 1'), 2, 2);
select * from tests.refuses($$select pg_temp.start('ana''s knee 1')$$, 'STATE', 'illegal_move', 'what is done is not started');

-- Beyond what is due.
select tests.act_as('the database');
update app_public.patient_treatment_plans set allows_extra_sessions = true where id = tests.id('ana''s knee');
select tests.act_as('ana');
select is((select count(*) from (select * from pg_temp.extra('ana''s knee', 2) union select * from pg_temp.extra('ana''s knee', 2)) as started), 1::bigint, 'one more, and the same when it is asked for again');
select is((select count(*) from app_public.patient_sessions where is_extra), 1::bigint, 'it is one session');

-- By whoever cares for the patient.
select pg_temp.analytics('corina');
select results_eq($$select s.patient_profile_id, s.scopes from pg_temp.start('carmen''s knee 1') s$$, $$values (tests.id('carmen'), '{media}'::text[])$$, 'for a child by her mother, whose use of the player it is');
select tests.act_as('the database');
select is((select viewer_id from app_public.exercise_sessions where patient_profile_id = tests.id('carmen')), tests.id('corina'), 'which is kept');

-- By the service plan that the treatment plan was counted to.
update app_public.organizations set telerehab_access_is_free = false where id = tests.id('atlas');
insert into app_public.access_grants (organization_id, patient_profile_id, access, reason, granted_by)
values (tests.id('atlas'), tests.id('ana'), 'telerehab_access', 'Trial', tests.id('stefan'));
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.start('bogdan''s knee 1')$$, 'FORBIDDEN', 'telerehab_closed', 'closed once the clinic closes it, whatever is open to somebody else');
select tests.act_as('the database');
insert into app_public.access_grants (organization_id, patient_profile_id, access, reason, granted_by)
values (tests.id('atlas'), tests.id('bogdan'), 'telerehab_access', 'Trial', tests.id('stefan'));
select tests.act_as('bogdan');
select is((select scopes from pg_temp.start('bogdan''s knee 1')), '{}', 'open by hand');
select tests.act_as('the database');
update app_public.patient_treatment_plans set status = 'paused', paused_on = '2027-03-01' where id = tests.id('bogdan''s knee');
select tests.act_as('bogdan');
select is((select count(*) from pg_temp.start('bogdan''s knee 1')), 1::bigint, 'what has begun goes on');
select tests.act_as('the database');
select is((select array_agg(place || ' ' || (exercise).slug || ' ' || (prescription ->> 'reps') order by place) from unnest(app_public.patient_sessions_to_do(s))), null, 'the database is nobody who may see it')
from app_public.patient_sessions s where s.id = tests.id('bogdan''s knee 1');
select * from finish();
rollback;
