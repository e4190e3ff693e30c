-- Test: actions - an automation blocks bookings, opens access, books the next visit; each once, refused on save where it cannot be. AUT-02, APT-06, CAT-08.
begin;
select plan(50);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal'), tests.specialist('petra', '{"mon": [["08:00", "20:00"]]}'), tests.calendar('theirs', '{petra}');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('olga', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]], "tue": [["08:00", "12:00"]]}', account => true);
select tests.specialist('vera', '{"mon": [["08:00", "20:00"]], "wed": [["08:00", "12:00"]]}');
select tests.patient('ana'), tests.patient('dan'), tests.patient('bogdan');
select tests.calendar('visits', '{stefan,vera}');
select tests.hold('held', 'visits', 'stefan', '2027-03-08 10:00+02');

-- block_booking.
select is(tests.wrong_config('block_booking', '{"reason": "x", "days": 0}'), '$.config.days out_of_bounds, $.config.reason out_of_bounds', 'a reason that is read, days that come');
select is(tests.acts('block_booking', '{"reason": "Missed three", "days": 30}', 'ana'), 'done', 'bookings are blocked');
select results_eq($$select reason, until, (select name from tests.personas where principal_id = blocked_by), automation_rule_version_id is not null from app_public.booking_blocks$$,
  $$values ('Missed three', '2027-03-31 09:00+03'::timestamptz, 'adrian', true)$$, 'by who set it up, until when, and why');
select tests.act_as('ana');
select * from tests.refuses(format('select app_public.book_appointment(%L, %L)', tests.token('held'), tests.id('ana')), 'NOT_READY', 'booking_blocked', 'the patient may not book');
select lives_ok($$select app_public.contest_booking_block((select id from app_public.booking_blocks), 'It was snowing')$$, 'and contests it');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.uphold_booking_block((select id from app_public.booking_blocks), 'It stays')$$, 'FORBIDDEN', 'review_by_another', 'which another than who set it up looks at');
select is(tests.acts('block_booking', '{"reason": "Missed four"}', 'ana'), 'skipped booking_blocked_already', 'nobody is blocked twice');
select tests.automation('of nobody', 'patient.profile_completed', '[{"action": "block_booking", "config": {"reason": "Missed"}}]');
select tests.happens('patient.profile_completed', 'dan');
select tests.automations_follow();
select is((select outcome || ' ' || reason from app_public.automation_executions where automation_rule_id = tests.id('of nobody')), 'failed decided_by_nobody', 'no machine decides it');
update app_public.automation_rules set is_enabled = false where id = tests.id('of nobody');

-- grant_access.
select is(tests.wrong_config('grant_access', '{"access": "everything", "reason": "Trial"}'), '$.config.access not_offered', 'what can be opened');
select is(app_hidden.has_access(tests.id('atlas'), p.id, 'library_access'), false, 'closed before') from app_public.patients p where p.patient_profile_id = tests.id('ana');
select is(tests.acts('grant_access', '{"access": "library_access", "reason": "Trial", "days": 14}', 'ana'), 'done', 'access is opened');
select is(app_hidden.has_access(tests.id('atlas'), p.id, 'library_access'), true, 'it is open') from app_public.patients p where p.patient_profile_id = tests.id('ana');
select results_eq($$select expires_at, (select name from tests.personas where principal_id = granted_by), automation_rule_version_id is not null from app_public.access_grants$$,
  $$values ('2027-03-15 08:00+02'::timestamptz, 'adrian', true)$$, 'until when, and by whom');
select is(tests.acts('grant_access', '{"access": "library_access", "reason": "Trial"}', 'ana'), 'skipped access_stands', 'what is open is not opened');
select is((app_private.perform_action(step, act)).reason, 'patient_not_found', act || ' fails without the patient')
from (select (tests.id('atlas'), null, null, null, null, 0, uuidv7(), tests.id('ana'), null,
  jsonb_build_object('reason', 'Trial', 'access', 'library_access', 'templateId', uuidv7(), 'purpose', 'telemedicine', 'calendarId', tests.id('visits'), 'afterDays', 1))::app_private.action_step as step) as given
cross join unnest('{grant_access,block_booking,require_form,suggest_form,require_consent,book_followup_appointment}'::text[]) as act;

-- book_followup_appointment.
create function pg_temp.followup(more jsonb default '{}', calendar text default 'visits') returns jsonb language sql as $$
  select jsonb_build_object('calendarId', tests.id(calendar), 'afterDays', 7) || more
$$;
create function pg_temp.visits(patient text) returns text language sql as $$
  select string_agg(to_char(starts_at at time zone 'Europe/Bucharest', 'DD HH24:MI') || ' ' || (select s.given_name from app_public.specialists s where s.id = specialist_id), ', ' order by starts_at)
  from app_public.appointments where patient_profile_id = tests.id(patient) and deleted_at is null and status <> 'cancelled'
$$;
select is(tests.wrong_config('book_followup_appointment', pg_temp.followup(calendar => 'theirs')), '$.config.calendarId calendar_not_found', 'a calendar of this clinic');
select is(tests.wrong_config('book_followup_appointment', pg_temp.followup('{"weekdays": ["mon", "someday"]}')), '$.config.weekdays[1] not_offered', 'days that there are');
select is(tests.wrong_config('book_followup_appointment', pg_temp.followup('{"from": "14:00", "until": "09:00"}')), '$.config.until out_of_bounds', 'hours that have a length');
select is(tests.acts('book_followup_appointment', pg_temp.followup('{"weekdays": ["tue", "wed"], "from": "10:00", "until": "11:30"}'), 'dan'), 'done', 'a visit is booked');
select is(left(pg_temp.visits('dan'), 8), '09 10:00', 'the first that fits');
select is((select count(*) from app_public.messages where patient_profile_id = tests.id('dan') and template_key = 'appointment_booked') >= 0, true, 'told as every booking');
select is(tests.events_of((select id from app_public.appointments where patient_profile_id = tests.id('dan'))), '{appointment.booked}', 'and published as one');
select is(tests.acts('book_followup_appointment', pg_temp.followup(), 'dan'), 'skipped booked_already', 'who has one gets no other');
select is(tests.acts('book_followup_appointment', pg_temp.followup('{"weekdays": ["sun"]}'), 'bogdan'), 'failed no_free_time', 'where none is free it fails');
select is(pg_temp.visits('bogdan'), null, 'and nothing is booked');
select is((select count(distinct recipient_human_id) from app_public.messages where template_key = 'followup_not_booked'),
  (select count(*) from app_private.staff_who_may(tests.id('atlas'), 'appointments.manage')), 'the front desk is told');
select tests.acts('require_consent', '{"purpose": "telemedicine"}', 'bogdan');
select is(tests.acts('book_followup_appointment', pg_temp.followup(), 'bogdan'), 'failed requirements_missing', 'where the gate refuses it fails');
select is((select details -> 'missing' -> 0 ->> 'purpose' from app_public.automation_executions where reason = 'requirements_missing'), 'telemedicine', 'and says what is missing');
select is((select count(*) from app_private.time_claims where kind = 'appointment' and released_at is null), 1::bigint, 'nothing half done: one claim, of the one visit');
select is((app_private.perform_action(step, 'book_followup_appointment')).reason, 'calendar_not_found', 'another clinic''s calendar fails, however it came there')
from (select (tests.id('atlas'), null, null, null, null, 0, p.id, p.patient_profile_id, null, pg_temp.followup(calendar => 'theirs'))::app_private.action_step as step
      from app_public.patients p where p.patient_profile_id = tests.id('bogdan')) as given;

-- send_session_reminder.
select is(tests.acts('send_session_reminder', '{}', 'dan'), 'done', 'the next visit is reminded of');
select is((select (data ->> 'startsAt')::timestamptz from app_public.messages where template_key = 'appointment_reminder' limit 1), '2027-03-09 10:00+02'::timestamptz, 'that one');
select is(tests.acts('send_session_reminder', '{}', 'bogdan'), 'skipped nothing_to_come', 'nobody is reminded of nothing');
select is(tests.wrong_config('send_session_reminder', '{"minutes": 5}'), '$.config.minutes property_unknown', 'it needs nothing said');
-- update_segment.
select tests.act_as('adrian');
select tests.remember('vips', (app_public.create_segment(tests.id('atlas'), 'VIP')).id);
select tests.remember('everyone', (app_public.create_segment(tests.id('atlas'), 'Everyone', '{"all": []}')).id);
select tests.act_as('the database');
insert into app_public.segments (organization_id, name, kind) values (tests.id('boreal'), 'Theirs', 'list');
select tests.remember('their list', id) from app_public.segments where name = 'Theirs';
select is(tests.wrong_config('update_segment', jsonb_build_object('segmentId', tests.id('their list'))), '$.config.segmentId segment_not_found', 'a segment of this clinic');
select is(tests.wrong_config('update_segment', jsonb_build_object('segmentId', tests.id('everyone'))), '$.config.segmentId segment_is_not_a_list', 'which is a list');
select is(tests.acts('update_segment', jsonb_build_object('segmentId', tests.id('vips')), 'ana'), 'done', 'the patient is put in');
select is((select count(*) from app_public.segment_members where segment_id = tests.id('vips') and patient_profile_id = tests.id('ana') and left_at is null), 1::bigint, 'and is in');
select is(tests.acts('update_segment', jsonb_build_object('segmentId', tests.id('vips')), 'ana'), 'skipped in_segment_already', 'once');
select is(tests.acts('update_segment', jsonb_build_object('segmentId', tests.id('vips'), 'isIn', false), 'ana'), 'done', 'taken out');
select is(tests.acts('update_segment', jsonb_build_object('segmentId', tests.id('vips'), 'isIn', false), 'ana'), 'skipped not_in_segment', 'once');
select is((app_private.perform_action(step, 'update_segment')).reason, 'segment_not_found', 'another clinic''s list fails, however it came there')
from (select (tests.id('atlas'), null, null, null, null, 0, p.id, p.patient_profile_id, null, jsonb_build_object('segmentId', tests.id('their list')))::app_private.action_step as step
      from app_public.patients p where p.patient_profile_id = tests.id('bogdan')) as given;
select is(tests.wrong_config('world_peace', '{}'), '$.action action_unknown', 'an action that there is not');
select * from finish();
rollback;
