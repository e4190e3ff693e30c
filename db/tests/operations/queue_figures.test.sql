-- Test: queue_figures - the queue in numbers, for the worker's metrics. FND-28.
begin;
select plan(3);
delete from graphile_worker._private_jobs;
select graphile_worker.add_job('deliver_email', job_key => name, run_at => at)
from (values ('due', now() - interval '1 minute'), ('later', now() + interval '1 hour'), ('dead', now()), ('running', now())) as jobs (name, at);
update graphile_worker._private_jobs set attempts = max_attempts where key = 'dead';
update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker-1' where key = 'running';

select tests.act_as('the worker');
select results_eq(
  $$select figure, value::int from app_private.queue_figures() where task = 'deliver_email' order by figure$$,
  $$values ('jobs_dead', 1), ('jobs_planned', 1), ('jobs_running', 1), ('jobs_waiting', 1)$$,
  'each job stands in one of four places');
select results_eq(
  $$select value::int from app_private.queue_figures() where figure = 'oldest_waiting_seconds'$$, array[60], 'and the oldest waits a minute');
select tests.act_as('a visitor');
select throws_ok('select app_private.queue_figures()', '42501', null, 'nobody else may ask');
select * from finish();
rollback;
