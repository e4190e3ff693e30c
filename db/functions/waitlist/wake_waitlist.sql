-- A time is free: the worker looks whether somebody waits for one, after this transaction and not in it. Nothing is queued where
-- nobody waits. A job for each time rather than one for the clinic: two transactions that free times do not wait for each
-- other. SCH-10.

create or replace function app_private.wake_waitlist(organization_id uuid, cause_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from app_public.waitlist_entries
    where waitlist_entries.organization_id = wake_waitlist.organization_id and waitlist_entries.status in ('waiting', 'offered')
  ) then
    perform graphile_worker.add_jobs(array[row(
      'offer_freed_times', json_build_object('organizationId', wake_waitlist.organization_id),
      null, null, null, 'waitlist:' || wake_waitlist.cause_id, null, null)::graphile_worker.job_spec]);
  end if;
end;
$$;

comment on function app_private.wake_waitlist is 'Queues a look at the waitlists of a clinic where somebody waits; one for each cause.';
grant execute on function app_private.wake_waitlist to app_engine;
