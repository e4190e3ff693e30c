-- Test: give_back_jobs - what a worker holds without knowing is free, as if it had never been taken. FND-14.
begin;
select plan(4);
select graphile_worker.add_job('tend_video_room', queue_name => queue, job_key => name)
from (values ('lost', 'room 1'), ('known', 'room 2'), ('of another', 'room 3'), ('replaced', 'room 4'), ('bare', null)) as j (name, queue);
update graphile_worker._private_jobs
set locked_by = case key when 'of another' then 'worker-b' else 'worker-a' end, locked_at = now(), attempts = 3
where key in ('lost', 'known', 'of another', 'replaced', 'bare');
update graphile_worker._private_job_queues as queues
set locked_by = jobs.locked_by, locked_at = now()
from graphile_worker._private_jobs as jobs
where jobs.job_queue_id = queues.id;
create temporary table asked on commit drop as select array_agg(id) as ids from graphile_worker._private_jobs where key <> 'known';
grant select on asked to app_worker;
select graphile_worker.add_job('tend_video_room', queue_name => 'room 4', job_key => 'replaced');

select tests.act_as('the worker');
select lives_ok($$select app_private.give_back_jobs('worker-a', ids) from asked$$, 'a worker gives back what it does not know');
select tests.act_as('the database');
select results_eq(
  $$select key, attempts::int, locked_by from graphile_worker._private_jobs where locked_by is null order by key$$,
  $$values ('bare', 2, null::text), ('lost', 2, null), ('replaced', 0, null)$$,
  'it is free, and has the attempt back that it did not have; one that was queued again is gone');
select set_eq(
  $$select key, attempts::int, locked_by from graphile_worker._private_jobs where locked_by is not null$$,
  $$values ('known', 3, 'worker-a'), ('of another', 3, 'worker-b')$$,
  'what it runs stays with it, and what is another worker''s with that one');
select set_eq(
  $$select queue_name from graphile_worker._private_job_queues where locked_by is null and queue_name like 'room%'$$,
  array['room 1', 'room 4'], 'so are their queues');
select * from finish();
rollback;
