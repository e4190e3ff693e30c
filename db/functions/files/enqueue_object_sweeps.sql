-- Looks once a day for objects that nobody needs. FND-13.

set role app_engine;

create or replace function app_private.enqueue_object_sweeps() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  select array_agg(row(
    'sweep_objects', json_build_object('organizationId', organizations.id),
    null, null, null, 'sweep_objects:' || organizations.id, null, null
  )::graphile_worker.job_spec) into v_jobs
  from app_public.organizations;
  perform graphile_worker.add_jobs(v_jobs);
  return coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.enqueue_object_sweeps is 'One sweep a clinic, so that a long one holds up no other; returns how many.';
grant execute on function app_private.enqueue_object_sweeps to app_worker;

reset role;
