-- Test: create_automation - everything is checked on save with paths; edits are versions; order, switching off, removal. AUT-01, AUT-02.
begin;
select plan(46);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.toy_actions();
create function pg_temp.makes(actions text, event text default 'patient.onboarded', conditions text default '{"all": []}', name text default 'A') returns uuid
language sql as $$ select (app_public.create_automation(tests.id('atlas'), name, event, actions::jsonb, conditions::jsonb)).id $$;
-- Who may.
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.makes('[{"action": "toy", "config": {"toy": "a"}}]')$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select tests.act_as('beata');
select * from tests.refuses($$select pg_temp.makes('[{"action": "toy", "config": {"toy": "a"}}]')$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('adrian');

-- What is wrong, and where.
select tests.act_as('the database');
create function pg_temp.wrong(actions text, event text default 'patient.onboarded', conditions text default '{"all": []}') returns text[] language sql as $$
  select array_agg(path || ' ' || reason order by path) from app_private.automation_problems(tests.id('atlas'), event, conditions::jsonb, actions::jsonb) $$;
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}}]'), null, 'nothing is wrong');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}}]', 'slot.held'), '{"$.eventName event_not_offered"}', 'an event that is not offered');
select is(pg_temp.wrong('[]'), '{"$.actions out_of_bounds"}', 'no action');
select is(pg_temp.wrong('{}'), '{"$.actions out_of_bounds"}', 'no list');
select is(pg_temp.wrong('[3]'), '{"$.actions[0] type_mismatch"}', 'no action but a number');
select is(pg_temp.wrong('[{"config": {}}]'), '{"$.actions[0].action is_missing"}', 'an action without a code');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}}, {"action": "launch"}]'), '{"$.actions[1].action action_unknown"}', 'an action that is not there');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": 3, "sound": 1}, "when": 1}]'), '{"$.actions[0].when property_unknown"}', 'a property that an action has not');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": 3, "sound": 1}}]'), '{"$.actions[0].config.sound property_unknown","$.actions[0].config.toy type_mismatch"}', 'and one that its config has not');
select is(pg_temp.wrong('[{"action": "toy", "config": {}}]'), '{"$.actions[0].config.toy is_missing"}', 'what is missing');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}, "after": {"days": 0, "at": "25:00", "weeks": 1}}]'),
  '{"$.actions[0].after.at format_mismatch","$.actions[0].after.days out_of_bounds","$.actions[0].after.weeks property_unknown"}', 'a delay that cannot come');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}, "after": {}, "expires": {"hours": 0}}]'),
  '{"$.actions[0].after is_empty","$.actions[0].expires.hours out_of_bounds"}', 'an empty one, and an end before the beginning');
select is(pg_temp.wrong('[{"action": "schedule_action", "config": {"action": "toy", "config": {"toy": 1}, "after": {"days": 400}}}]'),
  '{"$.actions[0].config.after.days out_of_bounds"}', 'what is scheduled can come');
select is(pg_temp.wrong('[{"action": "schedule_action", "config": {"action": "toy", "config": {"toy": 1}, "after": {"days": 4}}}]'),
  '{"$.actions[0].config.config.toy type_mismatch"}', 'and is checked as well');
select is(pg_temp.wrong('[{"action": "schedule_action", "config": {"action": "schedule_action", "after": {"days": 4}}}]'),
  '{"$.actions[0].config.action not_offered"}', 'a schedule schedules no schedule');
update app_private.automation_actions set needs = '{patient,appointment}' where code = 'toy';
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}}]'), '{"$.actions[0].action event_lacks"}', 'an event without what the action needs');
select is(pg_temp.wrong('[{"action": "schedule_action", "config": {"action": "toy", "config": {"toy": "a"}, "after": {"days": 4}}}]'), '{"$.actions[0].action event_lacks"}', 'nor when it is scheduled');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}}]', 'appointment.booked'), null, 'one that has it');
update app_private.automation_actions set needs = '{patient}' where code = 'toy';
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}}]', conditions => '{"field": "profile.shoe_size", "operator": "is", "value": 1}'),
  '{"$.conditions.field field_unknown"}', 'a condition about what is not known');
select is(pg_temp.wrong('[{"action": "toy", "config": {"toy": "a"}}]', conditions => null), '{"$.conditions not_a_rule"}', 'no condition at all');

-- Saved.
select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.makes('[]')$$, 'VALIDATION', 'automation_not_valid', 'it is not saved');
select * from tests.refuses($$select app_public.create_automation(tests.id('atlas'), 'A', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "a"}}]', most_per_day => 0)$$, 'VALIDATION', 'most_out_of_bounds', 'nor with a cap of nothing');
select tests.remember(n, pg_temp.makes('[{"action": "toy", "config": {"toy": "a"}}]', name => n)) from unnest('{first,second,third}'::text[]) n;
select results_eq('select name, position, version from app_public.automation_rules order by position', $$values ('first', 1, 1), ('second', 2, 1), ('third', 3, 1)$$, 'the last in the order');
select is((app_public.edit_automation(tests.id('first'), 'One', '[{"action": "toy", "config": {"toy": "a"}}]')).version, 1, 'unchanged, no version');
select is((app_public.edit_automation(tests.id('first'), 'One', '[{"action": "toy", "config": {"toy": "b"}, "after": {"hours": 1}}]')).version, 2, 'changed, a version');
select is((select count(*) from app_public.automation_rule_versions where automation_rule_id = tests.id('first')), 2::bigint, 'and the old one stays');
select * from tests.refuses($$select app_public.edit_automation(tests.id('first'), 'One', '[{"action": "launch"}]')$$, 'VALIDATION', 'automation_not_valid', 'an edit is checked as well');

-- What has begun ends by its version.
select tests.act_as('the database');
select tests.happens('patient.onboarded', 'ana');
select tests.automations_follow();
select tests.act_as('adrian');
select is((app_public.edit_automation(tests.id('first'), 'One', '[{"action": "toy", "config": {"toy": "c"}}]')).version, 3, 'changed meanwhile');
select tests.act_as('the database');
select tests.freeze_time(now() + interval '61 minutes');
select tests.automations_due();
select results_eq('select toy from tests.toys_given order by toy', $$values ('a'), ('a'), ('b')$$, 'and ended as it began');

-- Order, off, on, gone.
select tests.act_as('adrian');
select is((app_public.reorder_automations(tests.id('atlas'), array[tests.id('third'), tests.id('first'), tests.id('second')])).name, 'third', 'another order');
select * from tests.refuses($$select app_public.reorder_automations(tests.id('atlas'), array[tests.id('third'), tests.id('first')])$$, 'CONFLICT', 'automations_have_changed', 'of all of them');
select is((app_public.disable_automation(tests.id('first'))).is_enabled, false, 'off');
select is((app_public.enable_automation(tests.id('first'))).is_enabled, true, 'and on');
select is((app_public.remove_automation(tests.id('first'))).position, null, 'gone');
select results_eq('select name, position from app_public.automation_rules where removed_at is null order by position', $$values ('third', 1), ('second', 2)$$, 'the others close up');
select * from tests.refuses($$select app_public.enable_automation(tests.id('first'))$$, 'NOT_FOUND', 'not_found', 'what is gone does not come back');
select tests.act_as('the database');
select results_eq($$select event_name from app_private.event_interests where consumer = 'automations' and organization_id = tests.id('atlas')$$, array['patient.onboarded'], 'the consumer hears of what is enabled');
select * from finish();
rollback;
