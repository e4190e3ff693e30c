-- Test: simulate_automation - who would have got what and why not; nothing is sent or written. AUT-03.
begin;
select plan(28);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('bela', clinic => 'boreal');
select tests.patient('ana', birth_date => '1950-01-01'), tests.patient('dan');
select tests.toy_actions();
select tests.happens('patient.onboarded', p) from unnest('{ana,dan}'::text[]) p;
select tests.freeze_time('2027-03-08 08:00+02');
select tests.automation('done before', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "b"}}]');
select tests.happens('patient.onboarded', 'ana'), tests.happens('patient.onboarded', 'bela', clinic => 'boreal');
select tests.automations_follow();
select tests.automation('mine', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "z"}}]');
select tests.automation('gone', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "z"}}]');
select tests.act_as('adrian');
select app_public.edit_automation(tests.id('mine'), 'mine', '[{"action": "toy", "config": {"toy": "a", "publishes": "patient.profile_completed"}}]', most_ever => 1);
select app_public.remove_automation(tests.id('gone'));
select tests.act_as('the database');
create function app_private.act_who(step app_private.action_step) returns app_private.action_outcome language sql volatile set search_path = ''
as $$ select ('skipped', coalesce(app_hidden.current_principal_id()::text, 'nobody'), '{}', null)::app_private.action_outcome $$;
alter function app_private.act_who owner to app_owner;
grant execute on function app_private.act_who to app_engine;
insert into app_private.automation_actions (code, label_ro, label_en, description_ro, description_en, config_schema, needs, act_function)
values ('who', 'Cine', 'Who', 'Spune cine.', 'Says who.', '{"type": "object"}', '{patient}', 'act_who');
select tests.remember('boreals', (app_private.add_automation(tests.id('boreal'), 'B', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "a"}}]', '{"all": []}', true, 1, null)).id);
create temporary table before as select (select count(*) from app_private.events) as events, (select count(*) from graphile_worker._private_jobs) as jobs,
  (select count(*) from app_private.event_deliveries) as deliveries, (select count(*) from audit.entries) as audited, (select count(*) from app_public.automation_rules) as rules,
  (select count(*) from app_public.automation_executions) as executions, (select count(*) from tests.toys_given) as toys;

select tests.act_as('flavia');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, tests.id('mine'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, tests.id('mine'))$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, tests.id('boreals'))$$, 'NOT_FOUND', 'not_found', 'an automation of another clinic');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, tests.id('gone'))$$, 'NOT_FOUND', 'not_found', 'one that was removed');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), null, tests.id('mine'))$$, 'VALIDATION', 'simulation_too_long', 'of no days');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 91, tests.id('mine'))$$, 'VALIDATION', 'simulation_too_long', 'too far back');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'patient.onboarded', actions => '[{"action": "launch"}]')$$, 'VALIDATION', 'automation_not_valid', 'what cannot be saved');
select results_eq($$select patient_profile_id, action, outcome, reason from app_public.simulate_automation(tests.id('atlas'), 30, tests.id('mine'))$$,
  $$values (tests.id('ana'), null, 'skipped', 'cap'), (tests.id('dan'), 'toy', 'done', null), (tests.id('ana'), 'toy', 'done', null)$$, 'an automation as it stands, the latest first');
select is((select array_agg(outcome) from app_public.simulate_automation(tests.id('atlas'), 30, tests.id('done before'))), '{done,done,done}'::text[],
  'by its own version, whatever others have the same number');
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
select is((select count(*) from app_public.simulate_automation(tests.id('atlas'), 7, tests.id('mine'))), 1::bigint, 'what happened exactly so long ago is no more of these days');
select results_eq($$select reason from app_public.simulate_automation(tests.id('atlas'), 3, event_name => 'patient.onboarded', actions => '[{"action": "who", "config": {}}]')$$, array['nobody'], 'it acts for nobody, as the worker does');
select * from tests.refuses($$select app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'patient.onboarded',
    actions => '[{"action": "toy", "config": {"toy": "a"}}]', most_per_day => 101)$$, 'VALIDATION', 'most_out_of_bounds', 'and no oftener than it may be saved');
select is((select count(*) from app_public.simulate_automation(tests.id('atlas'), 30, event_name => 'form.signed', actions => '[{"action": "toy", "config": {"toy": "a"}}]')), 0::bigint, 'nothing happened, nothing is told');
select is(app_hidden.current_principal_id(), tests.id('adrian'), 'whoever asks is who they were');
select tests.act_as('the database');
select results_eq($$select (select count(*) from app_private.events), (select count(*) from graphile_worker._private_jobs), (select count(*) from app_private.event_deliveries),
  (select count(*) from audit.entries), (select count(*) from app_public.automation_rules), (select count(*) from app_public.automation_executions),
  (select count(*) from tests.toys_given)$$, 'select * from before', 'nothing was published, queued, audited, done or kept');
select cmp_ok((select executions from before), '>', 0::bigint, 'though something was done before');
select * from finish();
rollback;
