-- The job that sends a message. FND-15.
-- Twelve attempts take about sixteen hours; a message about a time helps nobody after that.

create or replace function app_private.delivery_of(message_id uuid, not_before timestamptz)
returns graphile_worker.job_spec
language sql stable
set search_path = ''
as $$
  select row(
    'deliver_message',
    json_build_object('messageId', delivery_of.message_id),
    null, delivery_of.not_before, 12, 'message:' || delivery_of.message_id, null, null
  )::graphile_worker.job_spec
$$;

comment on function app_private.delivery_of is
  'Job for the task deliver_message: the message''s id and nothing about the person; from not_before on.';

grant execute on function app_private.delivery_of to app_engine;
