-- Something is due: the worker looks. One job waits at most, whatever is queued meanwhile. WHK-02.

create or replace function app_private.wake_webhooks() returns void
language sql volatile
set search_path = ''
begin atomic
  select graphile_worker.add_jobs(array[row(
    'deliver_webhooks', '{}'::json, null, null, null, 'deliver_webhooks', null, null)::graphile_worker.job_spec]);
end;

comment on function app_private.wake_webhooks is 'Queues a look at the deliveries that are due.';
grant execute on function app_private.wake_webhooks to app_engine;
