-- Test: consume_automations - a rule does not fire twice in a chain of causes, a chain ends after eight. AUT-03.
begin;
select plan(10);
select tests.clinic('atlas');
select tests.patient('ana');
select tests.toy_actions();

-- A begins B, which begins A.
select tests.automation('a', 'patient.profile_completed', '[{"action": "toy", "config": {"toy": "a", "publishes": "patient.onboarded"}}]');
select tests.automation('b', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "b", "publishes": "patient.profile_completed"}}]');
select tests.remember('first', tests.happens('patient.profile_completed', 'ana'));
select is(tests.automations_follow(), 3, 'three events, and no fourth');
select results_eq('select toy, count(*) from tests.toys_given group by toy order by toy', $$values ('a', 1::bigint), ('b', 1::bigint)$$, 'each fired once');
select results_eq($$select outcome, reason from app_public.automation_executions where automation_rule_id = tests.id('a') order by created_at, id$$,
  $$values ('done', null), ('skipped', 'loop')$$, 'and says why it did not again');
select results_eq('select name, depth from app_private.events order by id',
  $$values ('patient.profile_completed', 0), ('patient.onboarded', 1), ('patient.profile_completed', 2)$$, 'events count what led to them');
select is((select cause_id from app_private.events where depth = 1), tests.id('first'), 'and name it');
select tests.happens('patient.profile_completed', 'ana');
select tests.automations_follow();
select is((select count(*) from tests.toys_given where toy = 'a'), 2::bigint, 'another chain is another matter');
select is(nullif(current_setting('app.cause_event_id', true), ''), null, 'what is published afterwards has no cause');

-- A chain that nobody's rule closed.
create function pg_temp.chain(length int) returns uuid language plpgsql as $$
declare
  v_id uuid;
begin
  for i in 0..length loop
    v_id := tests.happens('patient.booking_block_lifted', 'ana', v_id);
  end loop;
  return v_id;
end;
$$;
alter function app_private.payload_problem(jsonb, jsonb) rename to payload_problem_before;
create function app_private.payload_problem(schema jsonb, payload jsonb) returns text language sql stable as 'select null::text';
select tests.automation('deep', 'patient.booking_block_lifted', '[{"action": "toy", "config": {"toy": "deep"}}]', most_per_day => 100);
select app_private.consume_automations(pg_temp.chain(8));
select is((select outcome from app_public.automation_executions where automation_rule_id = tests.id('deep')), 'done', 'the eighth follows');
select app_private.consume_automations(pg_temp.chain(9));
select results_eq($$select outcome, reason from app_public.automation_executions where automation_rule_id = tests.id('deep') and outcome <> 'done'$$,
  $$values ('skipped', 'depth')$$, 'the ninth does not');
select is((select count(*) from tests.toys_given where toy = 'deep'), 1::bigint, 'and nothing was given for it');
select * from finish();
rollback;
