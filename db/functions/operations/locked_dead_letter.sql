-- A dead job, locked while something is decided about it: two operators at once decide once. FND-28.

create or replace function app_private.locked_dead_letter(job_id bigint) returns app_public.dead_letter
language plpgsql volatile
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  into v_letter
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.id = locked_dead_letter.job_id
    and jobs.attempts >= jobs.max_attempts
    and jobs.locked_at is null
  for update of jobs;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'dead_letter_not_found');
  end if;
  return v_letter;
end;
$$;

comment on function app_private.locked_dead_letter is
  'The dead job, locked until the transaction ends. FORBIDDEN superadmin_only, NOT_FOUND dead_letter_not_found.';
grant execute on function app_private.locked_dead_letter to app_engine;
