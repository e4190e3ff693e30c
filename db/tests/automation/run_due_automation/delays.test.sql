-- Test: run_due_automation - delayed actions are due on the person's clock, asked again, put off and cancelled. AUT-03.
begin;
select plan(30);
select tests.freeze_time('2027-03-25 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana'), tests.patient('dan'), tests.patient('far');
select tests.toy_actions();

-- Clocks go forward in Bucharest on 2027-03-28 at 03:00.
select is(app_private.delayed('2027-03-27 12:00+02', '{"days": 1}', 'Europe/Bucharest'), '2027-03-28 12:00+03', 'a day later it is the same time of day');
select is(app_private.delayed('2027-03-27 12:00+02', '{"hours": 24}', 'Europe/Bucharest'), '2027-03-28 13:00+03', 'hours are elapsed time');
select is(app_private.delayed('2027-03-27 12:00+02', '{"days": 1, "at": "09:00"}', 'Europe/Bucharest'), '2027-03-28 09:00+03', 'tomorrow at nine');
select is(app_private.delayed('2027-03-27 12:00+02', '{"at": "09:00"}', 'Europe/Bucharest'), '2027-03-28 09:00+03', 'nine is over today');
select is(app_private.delayed('2027-03-27 12:00+02', '{"at": "18:00"}', 'Europe/Bucharest'), '2027-03-27 18:00+02', 'six is not');
select is(app_private.delayed('2027-03-27 12:00+02', '{"days": 1, "at": "03:30"}', 'Europe/Bucharest'), '2027-03-28 04:30+03', 'a time that the clock leaves out');
select is(app_private.delayed('2027-10-30 12:00+03', '{"days": 1}', 'Europe/Bucharest'), '2027-10-31 12:00+02', 'and in autumn');
select is(app_private.delayed('2027-03-27 12:00+02', '{"minutes": 5}', 'Asia/Tokyo'), '2027-03-27 12:05+02', 'minutes');
select is(app_private.delayed('2027-03-27 12:00+02', '{}', 'Asia/Tokyo'), '2027-03-27 12:00+02', 'at once');

insert into app_public.quiet_hours (patient_profile_id, quiet_from, quiet_until, timezone)
values (tests.id('far'), '22:00', '07:00', 'Asia/Tokyo');
select tests.automation('later', 'patient.profile_completed', '[
  {"action": "toy", "config": {"toy": "now"}}, {"action": "toy", "config": {"toy": "tomorrow"}, "after": {"days": 1, "at": "09:00"}},
  {"action": "schedule_action", "config": {"action": "toy", "config": {"toy": "hours"}, "after": {"hours": 3}}}]');
select tests.happens('patient.profile_completed', p) from unnest('{ana,far}'::text[]) p;
select tests.automations_follow();
select is((select count(*) from tests.toys_given where toy = 'now'), 2::bigint, 'what is not delayed is done at once');
select results_eq($$select due_at from app_public.automation_executions where action_index = 1 order by due_at$$,
  array['2027-03-26 09:00+09'::timestamptz, '2027-03-26 09:00+02'], 'nine is nine of the person''s clock, or of the clinic''s');
select is((select count(*) from app_public.automation_executions where action_index = 2 and outcome = 'waiting' and due_at = '2027-03-25 15:00+02'), 2::bigint,
  'schedule_action waits for its time');
select is(tests.automations_due(), 0, 'nothing is due');
select tests.freeze_time('2027-03-25 15:00+02');
select is(tests.automations_due(), 2, 'two are');
select is((select count(*) from tests.toys_given where toy = 'hours'), 2::bigint, 'and are done');
select tests.freeze_time('2027-03-26 09:00+02');
select is(tests.automations_due(), 2, 'then the others');
select is((select array_agg(distinct outcome) from app_public.automation_executions), array['done'], 'none waits any more');

-- Quiet hours put off, a failure that passes is tried again.
select tests.automation('quiet', 'patient.onboarded', '[
  {"action": "toy", "config": {"toy": "quiet", "until": "2027-03-26 20:00+02"}},
  {"action": "toy", "config": {"toy": "late", "until": "2027-03-26 20:00+02"}, "expires": {"hours": 2}},
  {"action": "toy", "config": {"toy": "deadlock"}, "expires": {"hours": 12}}]');
select tests.happens('patient.onboarded', 'ana');
select tests.automations_follow();
select results_eq($$select outcome, reason from app_public.automation_executions where automation_rule_id = tests.id('quiet') order by action_index$$,
  $$values ('waiting', 'quiet_hours'), ('skipped', 'quiet_hours'), ('waiting', 'retry')$$, 'until it expires');
select tests.freeze_time('2027-03-26 20:00+02');
select tests.automations_due();
select is((select count(*) from tests.toys_given where toy = 'quiet'), 1::bigint, 'put off, not dropped');
select tests.freeze_time('2027-03-26 20:00+02'::timestamptz + make_interval(mins => 5 * n)), tests.automations_due() from generate_series(1, 12) n;
select tests.freeze_time('2027-03-26 20:59+02'), tests.automations_due();
select is((select count(*) from tests.toys_given where toy = 'deadlock'), 0::bigint, 'what deadlocks leaves nothing');
select isnt((select attempts from app_public.automation_executions where automation_rule_id = tests.id('quiet') and action_index = 2), 1, 'and is tried again');

-- Asked again: conditions, the rule, what was taken back.
select tests.automation('asks', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "asked"}, "after": {"hours": 1}}]',
  '{"field": "profile.birth_date", "operator": "before", "value": "1990-01-01"}');
select tests.happens('patient.onboarded', p) from unnest('{ana,dan,far}'::text[]) p;
select tests.automations_follow();
update app_public.patient_profiles set birth_date = '1999-01-01' where id = tests.id('ana');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('dan at atlas');
select is((select reason from app_public.automation_executions where automation_rule_id = tests.id('asks') and patient_profile_id = tests.id('dan')),
  'cancelled', 'who leaves takes along what waits, in the same transaction');
select tests.freeze_time('2027-03-26 23:00+02');
select tests.automations_due();
select is((select reason from app_public.automation_executions where automation_rule_id = tests.id('asks') and patient_profile_id = tests.id('ana')),
  'condition', 'conditions are asked again');
select is((select outcome from app_public.automation_executions where automation_rule_id = tests.id('asks') and patient_profile_id = tests.id('far')),
  'done', 'whose hold is done');
update app_public.patients set deleted_at = null where id = tests.id('dan at atlas');

select tests.happens('patient.onboarded', p) from unnest('{dan,far}'::text[]) p;
select tests.automations_follow();
update app_public.automation_rules set is_enabled = false where id = tests.id('asks');
select tests.freeze_time('2027-03-27 01:00+02');
select tests.automations_due();
select is((select array_agg(distinct reason) from app_public.automation_executions where automation_rule_id = tests.id('asks') and ended_at = app_hidden.now()),
  array['disabled'], 'a rule that is off does not act');

-- What the trigger listens to is what undoes something.
select set_eq($$select distinct unnest(undone_by) from app_private.automation_events$$,
  $$select (regexp_matches(pg_get_triggerdef(oid), '''([a-z_]+\.[a-z_]+)''', 'g'))[1] from pg_trigger where tgname = '_800_cancel_automations' and tgrelid = 'app_private.events'::regclass$$,
  'the trigger and the table say the same');
select is_empty($$select unnest(undone_by || event_name) from app_private.automation_events except select name from app_private.event_types$$, 'every event is one of the catalog');
select set_eq($$select event_name from app_private.automation_events$$,
  $$select event_name from app_private.event_subscriptions where consumer = 'automations'$$, 'and the consumer may hear of it');
select tests.automation('held', 'patient.booking_blocked', '[{"action": "toy", "config": {"toy": "held"}, "after": {"hours": 1}}]');
select tests.remember('block', uuidv7());
create function pg_temp.block(name text) returns uuid language sql as $$ select app_private.publish(name, tests.id('atlas'), tests.id('block'),
  jsonb_build_object('bookingBlockId', tests.id('block'), 'patientId', tests.id('far at atlas'))) $$;
select pg_temp.block('patient.booking_blocked');
select tests.automations_follow();
select pg_temp.block('patient.booking_block_lifted');
select is((select reason from app_public.automation_executions where automation_rule_id = tests.id('held')), 'cancelled', 'what is taken back takes along what waits');
select pg_temp.block('patient.booking_blocked'), pg_temp.block('patient.booking_block_lifted');
select tests.automations_follow();
select is((select count(*) from app_public.automation_executions where automation_rule_id = tests.id('held') and reason = 'cancelled' and action is null), 1::bigint,
  'and what was taken back before does not begin');
select * from finish();
rollback;
