-- Test: withdrawals_since - the first withdrawal since the recording began, by the person whose it is, at this clinic, of what it rests on. TEL-06.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal'), tests.patient('ana');
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('knee', 1, 0), tests.assigned('ana', 'knee');
create function pg_temp.account_consents(who text, purpose text) returns void language plpgsql as $$
begin
  perform tests.act_as(who);
  perform app_public.give_consent((select purpose_version_id from app_public.my_consents() where purpose_code = purpose));
  perform tests.act_as('the database');
end $$;
create function pg_temp.withdraw(who text, purpose text, patient text default null) returns void language plpgsql as $$
begin
  perform tests.act_as(tests.id(who || '''s account'));
  perform app_public.withdraw_consent(purpose, case when patient is not null then tests.id(patient) end);
  perform tests.act_as('the database');
end $$;
select tests.remember(name || '''s account', principal_id) from tests.personas where name in ('ana', 'bogdan');
select tests.consent('ana', 'biometric_capture'), tests.consent('ana', 'biometric_capture', clinic => 'boreal'), tests.consent('bogdan', 'biometric_capture');
select tests.consent('ana', 'video_recording'), pg_temp.account_consents('ana', 'analytics'), pg_temp.account_consents('bogdan', 'analytics'), pg_temp.account_consents('ana', 'platform_terms');
select tests.freeze_time('2027-03-01 10:30+02');
select tests.recording('ana''s knee 1', name => 'one');
create function pg_temp.ended() returns jsonb language sql as $$ select app_private.withdrawals_since(r) from app_public.exercise_sessions r where r.id = tests.id('one') $$;

select is(pg_temp.ended(), '{}', 'nothing is withdrawn');
select tests.freeze_time('2027-03-01 10:40+02');
select pg_temp.withdraw('bogdan', 'biometric_capture', 'bogdan at atlas'), pg_temp.withdraw('bogdan', 'analytics');
select is(pg_temp.ended(), '{}', 'what another patient withdraws is not hers');
select pg_temp.withdraw('ana', 'biometric_capture', 'ana at boreal');
select is(pg_temp.ended(), '{}', 'nor what she does at another clinic');
select pg_temp.withdraw('ana', 'video_recording', 'ana at atlas');
update app_public.consents set withdrawn_at = app_hidden.now(), withdrawn_by = tests.id('ana''s account') where human_id = tests.id('ana''s account') and purpose_code = 'platform_terms';
select is(pg_temp.ended(), '{}', 'nor what the recording does not rest on');
select tests.freeze_time('2027-03-01 10:50+02');
select pg_temp.withdraw('ana', 'biometric_capture', 'ana at atlas');
select is(pg_temp.ended(), '{"pose": "2027-03-01T08:50:00+00:00"}', 'what the camera follows ends when she withdraws it');
select tests.freeze_time('2027-03-01 10:55+02');
select pg_temp.withdraw('ana', 'analytics');
select is(pg_temp.ended(), '{"pose": "2027-03-01T08:50:00+00:00", "media": "2027-03-01T08:55:00+00:00"}', 'how the video is watched with the consent of the account');

-- From when on: the very moment of its start, and nothing before.
select is(app_private.withdrawals_since(r), '{"pose": "2027-03-01T08:50:00+00:00", "media": "2027-03-01T08:55:00+00:00"}', 'withdrawn as it begins counts')
from (select (jsonb_populate_record(r, '{"started_at": "2027-03-01 10:50+02"}')).* from app_public.exercise_sessions r where r.id = tests.id('one')) r;
select is(app_private.withdrawals_since(r), '{"media": "2027-03-01T08:55:00+00:00"}', 'before it began does not')
from (select (jsonb_populate_record(r, '{"started_at": "2027-03-01 10:50:01+02"}')).* from app_public.exercise_sessions r where r.id = tests.id('one')) r;

-- In an emergency staff decide for a time.
select tests.freeze_time('2027-03-01 11:00+02');
insert into app_public.consents (organization_id, patient_profile_id, purpose_code, version_scope_id, purpose_version_id, decision, legal_basis, source, emergency_reason, decided_at, decided_by, holds_until)
select organization_id, patient_profile_id, purpose_code, version_scope_id, purpose_version_id, 'granted', legal_basis, 'staff', 'Cannot answer', app_hidden.now(), tests.id('adrian'), app_hidden.now() + interval '1 hour'
from app_public.consents where patient_profile_id = tests.id('ana') and organization_id = tests.id('atlas') and purpose_code = 'biometric_capture';
select tests.recording('ana''s knee 1', name => 'one');
select is(pg_temp.ended(), '{}', 'what runs out later holds until then');
select tests.freeze_time('2027-03-01 12:00+02');
select is(pg_temp.ended(), '{"pose": "2027-03-01T10:00:00+00:00"}', 'and no longer');
select tests.freeze_time('2027-03-01 11:59:59+02');
select is(pg_temp.ended(), '{}', 'to the second');
select is((select count(*) from app_public.consents where patient_profile_id = tests.id('ana') and withdrawn_at is null), 1::bigint, 'nothing else stands of hers');
select * from finish();
rollback;
