-- Who may queue jobs and who may run them. FND-14.
-- The queue's tables come with row security and without a policy, made for a worker that owns them. Ours
-- owns nothing: the engine queues jobs, frees those of a dead worker and decides about dead ones, app_worker
-- runs them.

grant usage on schema graphile_worker to app_engine, app_worker;
grant usage on type graphile_worker.job_spec to app_engine, app_worker;

grant select, insert, update, delete on graphile_worker._private_jobs to app_engine;
grant select, insert, update on graphile_worker._private_job_queues to app_engine;
grant select, insert on graphile_worker._private_tasks to app_engine;
grant execute on function
  graphile_worker.add_job(text, json, text, timestamptz, integer, text, integer, text[], text),
  graphile_worker.add_jobs(graphile_worker.job_spec[], boolean),
  graphile_worker.force_unlock_workers(text[]),
  graphile_worker.reschedule_jobs(bigint[], timestamptz, integer, integer, integer),
  graphile_worker.complete_jobs(bigint[])
  to app_engine;

grant select, insert, update, delete on graphile_worker._private_jobs to app_worker;
grant select, insert, update, delete on graphile_worker._private_job_queues to app_worker;
grant select, insert on graphile_worker._private_tasks to app_worker;
grant select, insert, update on graphile_worker._private_known_crontabs to app_worker;
grant select on graphile_worker.migrations to app_worker;
grant execute on function
  graphile_worker.add_job(text, json, text, timestamptz, integer, text, integer, text[], text),
  graphile_worker.add_jobs(graphile_worker.job_spec[], boolean)
  to app_worker;

drop policy if exists _private_jobs_engine on graphile_worker._private_jobs;
create policy _private_jobs_engine on graphile_worker._private_jobs
  to app_engine using (true) with check (true);
drop policy if exists _private_job_queues_engine on graphile_worker._private_job_queues;
create policy _private_job_queues_engine on graphile_worker._private_job_queues
  to app_engine using (true) with check (true);
drop policy if exists _private_tasks_engine on graphile_worker._private_tasks;
create policy _private_tasks_engine on graphile_worker._private_tasks
  to app_engine using (true) with check (true);

drop policy if exists _private_jobs_worker on graphile_worker._private_jobs;
create policy _private_jobs_worker on graphile_worker._private_jobs
  to app_worker using (true) with check (true);
drop policy if exists _private_job_queues_worker on graphile_worker._private_job_queues;
create policy _private_job_queues_worker on graphile_worker._private_job_queues
  to app_worker using (true) with check (true);
drop policy if exists _private_tasks_worker on graphile_worker._private_tasks;
create policy _private_tasks_worker on graphile_worker._private_tasks
  to app_worker using (true) with check (true);
drop policy if exists _private_known_crontabs_worker on graphile_worker._private_known_crontabs;
create policy _private_known_crontabs_worker on graphile_worker._private_known_crontabs
  to app_worker using (true) with check (true);
