-- The jobs that nobody will try again by themselves. FND-28.

set role app_engine;

create or replace function app_public.dead_letters() returns setof app_public.dead_letter
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  return query
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.attempts >= jobs.max_attempts and jobs.locked_at is null
  order by jobs.updated_at desc, jobs.id desc;
end;
$$;

comment on function app_public.dead_letters is
  'Jobs that used up their attempts, newest failure first. Superadmin only (FORBIDDEN superadmin_only).';
grant execute on function app_public.dead_letters to app_member;

reset role;
