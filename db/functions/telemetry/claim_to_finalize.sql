-- Recordings that were over a day ago and that no telemetry has finalized: nothing of them was sent, or the machine that had it is gone. Telemetry
-- that still has it on its disk would have finalized it by then. Whoever claims one and dies leaves it to the next after a quarter of an
-- hour. TEL-02, TEL-05.

set role app_engine;

create or replace function app_telemetry.claim_to_finalize(worker uuid, most int) returns setof uuid
language sql volatile security definer rows 20
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings
  set claimed_by = claim_to_finalize.worker, claimed_at = app_hidden.now()
  where recordings.id in (
    select open.id
    from app_public.exercise_sessions as open
    where open.ended_at is null
      and open.expires_at < app_hidden.now() - interval '1 day'
      and coalesce(open.claimed_at < app_hidden.now() - interval '15 minutes', true)
    order by open.expires_at
    limit least(claim_to_finalize.most, 100)
    for no key update skip locked)
  returning recordings.id;
end;

comment on function app_telemetry.claim_to_finalize is 'So many recordings that are long over and were never finalized, for this process to finalize.';
grant execute on function app_telemetry.claim_to_finalize to app_telemetry;

reset role;
