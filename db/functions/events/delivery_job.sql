-- The job that tells one consumer what is pending about one subject. FND-14.

create or replace function app_private.delivery_job(consumer text, subject_id uuid)
returns graphile_worker.job_spec
language sql stable strict
set search_path = ''
as $$
  select row(
    'deliver_events',
    json_build_object('consumer', consumer, 'subjectId', subject_id),
    null, null, null, consumer || ':' || subject_id, null, null
  )::graphile_worker.job_spec
$$;

comment on function app_private.delivery_job is
  'Job for the task deliver_events; its key is consumer and subject, so that one waits at most.';

grant execute on function app_private.delivery_job to app_engine;
