-- Test: consume_automations - the actions of a rule, in order, once; a refusal does not stop the others. AUT-01, AUT-03.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal'), tests.clinic('atlas');
select tests.patient('ana'), tests.patient('dan');
select tests.toy_actions();

select tests.automation('boreals', 'patient.profile_completed', '[{"action": "toy", "config": {"toy": "far"}}]', clinic => 'boreal');
select tests.automation('many', 'patient.profile_completed', '[
  {"action": "toy", "config": {"toy": "ball"}}, {"action": "toy", "config": {"toy": "refused"}},
  {"action": "toy", "config": {"toy": "bug"}}, {"action": "toy", "config": {"toy": "skipped"}},
  {"action": "toy", "config": {"toy": "kite"}}]');
select tests.automation('other', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "none"}}]');
select tests.remember('e1', tests.happens('patient.profile_completed', 'ana'));
select is(tests.automations_follow(), 1, 'the event is told');
select results_eq('select toy from tests.toys_given order by execution_id', array['ball', 'kite'],
  'what is not refused has its effect, of the rules of this clinic and event');
select results_eq('select action_index, outcome, reason from app_public.automation_executions order by action_index',
  $$values (0, 'done', null), (1, 'failed', 'toy_is_broken'), (2, 'failed', 'error'), (3, 'skipped', 'consent'), (4, 'done', null)$$,
  'and each outcome is recorded');
select is((select details from app_public.automation_executions where action_index = 1),
  '{"code": "CONFLICT", "details": {"toy": "refused"}}', 'a refusal with code and details');
select is((select details from app_public.automation_executions where action_index = 2), '{"sqlstate": "22012"}',
  'a failure that is none of ours without its text');

select app_private.consume_automations(tests.id('e1'));
select is((select count(*) from tests.toys_given), 2::bigint, 'told again, it does nothing');
update app_public.automation_rules set version = 2 where id = tests.id('many');
insert into app_public.automation_rule_versions (organization_id, automation_rule_id, version, conditions, actions, most_per_day)
values (tests.id('atlas'), tests.id('many'), 2, '{"all": []}', '[{"action": "toy", "config": {"toy": "new"}}]', 10);
select app_private.consume_automations(tests.id('e1'));
select is((select count(*) from tests.toys_given), 2::bigint, 'nor does another version of the rule');

update app_public.automation_rules set is_enabled = false where id = tests.id('many');
select tests.happens('patient.profile_completed', 'ana');
select tests.automations_follow();
select is((select count(*) from tests.toys_given), 2::bigint, 'a rule that is off begins with nothing');
update app_public.automation_rules set is_enabled = true where id = tests.id('many');

-- Conditions.
select tests.automation('adults', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "book"}}]',
  '{"field": "profile.birth_date", "operator": "before", "value": "1970-01-01"}');
select tests.automation('everyone', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "car"}}]', most_ever => 2);
select tests.happens('patient.onboarded', 'dan');
select tests.automations_follow();
select results_eq($$select outcome, reason, action from app_public.automation_executions where automation_rule_id = tests.id('adults')$$,
  $$values ('skipped', 'condition', null::text)$$, 'where conditions do not hold, the rule is skipped as a whole');
select is((select count(*) from tests.toys_given where toy = 'car'), 1::bigint, 'the rules after it go on');
select tests.happens('patient.onboarded', 'dan');
select tests.happens('patient.onboarded', 'dan');
select tests.automations_follow();
select is((select count(*) from tests.toys_given where toy = 'car'), 2::bigint, 'most_ever caps a patient');
select is((select count(*) from app_public.automation_executions where automation_rule_id = tests.id('everyone') and reason = 'cap'), 1::bigint,
  'and says so');

-- The day of the clinic.
select tests.automation('daily', 'patient.profile_completed', '[{"action": "toy", "config": {"toy": "day"}}]', most_per_day => 1);
select tests.freeze_time('2027-03-02 23:30+02');
select tests.happens('patient.profile_completed', 'dan'), tests.happens('patient.profile_completed', 'dan');
select tests.automations_follow();
select tests.freeze_time('2027-03-03 00:30+02');
select tests.happens('patient.profile_completed', 'dan'), tests.happens('patient.profile_completed', 'ana');
select tests.automations_follow();
select is((select count(*) from tests.toys_given where toy = 'day'), 3::bigint, 'most_per_day counts a patient and a day of the clinic');

-- Nothing is rewritten.
select throws_ok($$update app_public.automation_executions set outcome = 'done' where reason = 'cap'$$, 'RX423', 'never_changed', 'an outcome stands');
select throws_ok($$delete from app_public.automation_executions$$, 'RX423', 'never_changed', 'and is not deleted');
select throws_ok($$update app_public.automation_rule_versions set actions = '[]'$$, 'RX423', 'never_changed', 'nor is a version changed');
select is((select count(*) from tests.toys_given where toy = 'far'), 0::bigint, 'another clinic''s rule heard nothing');
select * from finish();
rollback;
