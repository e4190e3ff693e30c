--! Previous: sha1:0a99f3e176bec3b34009794e012349972ebc2677
--! Hash: sha1:a4141f31c764f095bdad0e9387a54e4400addbec
--! Message: replicas say how far they are

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/operations/require_replayed.sql
-- A replica answers a query when it has what was stored as the query arrived, so that everybody reads what anybody
-- had written (server/replica.ts). What it lacks is mostly on its way, so it is given a moment. SCA-01.

create or replace function app_hidden.require_replayed(stored_until pg_lsn) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_deadline timestamptz := clock_timestamp() + interval '50 milliseconds';
begin
  -- A server that was promoted may have come as far, and goes another way since.
  while not coalesce(pg_is_in_recovery() and pg_last_wal_replay_lsn() >= stored_until, false) loop
    if not pg_is_in_recovery() or clock_timestamp() >= v_deadline then
      raise exception 'not a replica that has replayed %', stored_until
        using errcode = 'object_not_in_prerequisite_state';
    end if;
    perform pg_sleep(0.002);
  end loop;
end;
$$;

comment on function app_hidden.require_replayed is
  'Waits up to 50 milliseconds until this replica has replayed the log up to a position, and raises 55000 where it has not.';
grant execute on function app_hidden.require_replayed to app_authenticator;
-- end of source: functions/operations/require_replayed.sql
