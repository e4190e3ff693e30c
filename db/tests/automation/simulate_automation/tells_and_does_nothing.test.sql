-- Test: simulate_automation - who would have got what and why not; nothing is sent or written. AUT-03.
begin;
select plan(21);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('ana', birth_date => '1950-01-01'), tests.patient('dan');
select tests.toy_actions();
select tests.happens('patient.onboarded', p) from unnest('{ana,dan}'::text[]) p;
select tests.freeze_time('2027-03-08 08:00+02');
select tests.happens('patient.onboarded', 'ana');
select tests.automation('mine', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "a", "publishes": "patient.profile_completed"}}]', most_ever => 1);
select tests.remember('boreals', (app_private.add_automation(tests.id('boreal'), 'B', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "a"}}]', '{"all": []}', true, 1, null)).id);
create temporary table before as select (select count(*) from app_private.events) as events, (select count(*) from graphile_worker._private_jobs) as jobs,
  (select count(*) from app_private.event_deliveries) as deliveries, (select count(*) from audit.entries) as audited, (select count(*) from app_public.automation_rules) as rules;

select tests.act_as('flavia');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, tests.id('mine'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, tests.id('mine'))$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, tests.id('boreals'))$$, 'NOT_FOUND', 'not_found', 'an automation of another clinic');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 91, tests.id('mine'))$$, 'VALIDATION', 'simulation_too_long', 'too far back');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'patient.onboarded', actions => '[{"action": "launch"}]')$$, 'VALIDATION', 'automation_not_valid', 'what cannot be saved');
select results_eq($$select patient_profile_id, action, outcome, reason from app_public.simulate_automation(tests.id('atlas'), 30, tests.id('mine'))$$,
  $$values (tests.id('ana'), null, 'skipped', 'cap'), (tests.id('dan'), 'toy', 'done', null), (tests.id('ana'), 'toy', 'done', null)$$, 'an automation as it stands, the latest first');
select results_eq($$select patient_profile_id, outcome, reason from app_public.simulate_automation(tests.id('atlas'), 3, event_name => 'patient.onboarded',
    conditions => '{"field": "profile.birth_date", "operator": "before", "value": "1970-01-01"}',
    actions => '[{"action": "toy", "config": {"toy": "refused"}}, {"action": "toy", "config": {"toy": "a"}, "after": {"days": 2}}, {"action": "toy", "config": {"toy": "skipped"}}]')$$,
  $$values (tests.id('ana'), 'failed', 'toy_is_broken'), (tests.id('ana'), 'waiting', null), (tests.id('ana'), 'skipped', 'consent')$$, 'one that is only tried, of the days that are asked for');
select is((select due_at from app_public.simulate_automation(tests.id('atlas'), 3, event_name => 'patient.onboarded', actions => '[{"action": "toy", "config": {"toy": "a"}, "after": {"days": 2}}]')),
  '2027-03-10 08:00+02', 'with when it would be done');
select results_eq($$select distinct reason from app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'patient.onboarded',
    conditions => '{"any": []}', actions => '[{"action": "toy", "config": {"toy": "a"}}]')$$, array['condition'], 'and why not');
select results_eq($$select patient_profile_id, outcome, reason from app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'patient.onboarded',
    actions => '[{"action": "toy", "config": {"toy": "a"}}]', most_ever => 1)$$,
  $$values (tests.id('ana'), 'skipped', 'cap'), (tests.id('dan'), 'done', null), (tests.id('ana'), 'done', null)$$, 'as often as it is tried to be');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'patient.onboarded',
    actions => '[{"action": "toy", "config": {"toy": "a"}}]', most_per_day => 101)$$, 'VALIDATION', 'most_out_of_bounds', 'and no oftener than it may be saved');
select is((select count(*) from app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'form.signed', actions => '[{"action": "toy", "config": {"toy": "a"}}]')), 0::bigint, 'nothing happened, nothing is told');
select is(app_hidden.current_principal_id(), tests.id('adrian'), 'whoever asks is who they were');
select tests.act_as('the database');
select results_eq($$select (select count(*) from app_private.events), (select count(*) from graphile_worker._private_jobs), (select count(*) from app_private.event_deliveries),
  (select count(*) from audit.entries), (select count(*) from app_public.automation_rules)$$, 'select * from before', 'nothing was published, queued, audited or kept');
select is((select count(*) from app_public.automation_executions) + (select count(*) from tests.toys_given), 0::bigint, 'and nothing done');
select * from finish();
rollback;
