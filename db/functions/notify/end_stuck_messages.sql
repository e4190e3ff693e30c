-- Ends queued messages that nobody will send any more, and finds those that the queue lost. FND-15, FND-14.
-- A worker that dies on a message's last attempt tells nobody: the job is dead and the message would wait for ever. What
-- has expired helps nobody and is ended as a set; what was given up lets the next channel of its route stand in. A
-- message whose job is running is left alone: its worker knows more.

set role app_engine;
create or replace function app_private.end_stuck_messages() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_expired int;
  v_dead uuid[];
  v_jobs graphile_worker.job_spec[];
begin
  update app_public.messages
  set status = 'skipped', reason = 'expired'
  where messages.status = 'queued'
    and messages.expires_at <= v_now
    and not exists (
      select from graphile_worker._private_jobs as jobs
      where jobs.key = 'message:' || messages.id and jobs.locked_at is not null);
  get diagnostics v_expired = row_count;

  -- The workers lock a message before they send it; whoever has one now is not stuck.
  select array_agg(stuck.id order by stuck.id) into v_dead
  from (
    select messages.id
    from app_public.messages
    join graphile_worker._private_jobs as jobs
      on jobs.key = 'message:' || messages.id
      and jobs.attempts >= jobs.max_attempts
      and jobs.locked_at is null
    where messages.status = 'queued' and messages.expires_at > v_now
    order by messages.id
    limit 500
    for update of messages skip locked
  ) as stuck;
  perform app_private.end_message(dead.id, 'failed', 'gave up: the worker ended during the last attempt')
  from unnest(v_dead) as dead (id);
  -- Its work is over: nobody need decide about the job.
  perform graphile_worker.complete_jobs(array_agg(jobs.id))
  from graphile_worker._private_jobs as jobs
  where jobs.key in (select 'message:' || dead.id from unnest(v_dead) as dead (id))
    and jobs.locked_at is null
  having count(*) > 0;

  select array_agg(app_private.delivery_of(lost.id, lost.not_before) order by lost.id) into v_jobs
  from (
    select messages.id, messages.not_before
    from app_public.messages
    where messages.status = 'queued'
      and messages.expires_at > v_now
      and messages.updated_at < v_now - interval '1 minute'
      and not exists (
        select from graphile_worker._private_jobs as jobs where jobs.key = 'message:' || messages.id)
    order by messages.id
    limit 1000
  ) as lost;
  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return v_expired + coalesce(cardinality(v_dead), 0) + coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.end_stuck_messages is
  'Ends messages that expired while they were queued, and those whose last attempt ended with its worker; queues again '
  'those without a job. Answers how many it found.';

grant execute on function app_private.end_stuck_messages to app_worker;
reset role;
