-- As a worker ends its look: the next one when the next delivery is due. An earlier one that is queued already stays. WHK-02.

set role app_engine;

create or replace function app_private.schedule_webhooks() returns timestamptz
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_due timestamptz := (
    select min(greatest(next.next_attempt_at, endpoints.slowed_until))
    from app_private.webhook_endpoints as endpoints
    cross join lateral (
      select waiting.next_attempt_at
      from app_public.webhook_events as waiting
      where waiting.subscription_id = endpoints.subscription_id and waiting.status = 'pending'
      order by waiting.next_attempt_at
      limit 1
    ) as next);
begin
  if v_due is not null then
    perform graphile_worker.add_jobs(array[row(
      'deliver_webhooks', '{}'::json, null, v_due, null, 'deliver_webhooks', null, null)::graphile_worker.job_spec],
      job_key_preserve_run_at => true);
  end if;
  return v_due;
end;
$$;

comment on function app_private.schedule_webhooks is
  E'@nullable\n'
  'Queues the next look at deliveries for when one is due; null where none is.';
grant execute on function app_private.schedule_webhooks to app_worker;

reset role;
