-- Every write to time_claims holds the locks of the days it blocks, before and after: asked of the locks themselves, at
-- every row, in tests that switch it on. SCH-06.

create or replace function tests.guard_claims() returns void
language plpgsql volatile security definer
as $$
begin
  create or replace trigger _000_guard before insert or update on app_private.time_claims
    for each row execute function tests.tg_time_claims__guard();
end;
$$;

comment on function tests.guard_claims() is 'From now on a claim that is written without the lock of its days is an error.';

create or replace function tests.unlocked_days(claim app_private.time_claims) returns text[]
language sql volatile
as $$
  select coalesce(array_agg(day.date::text), '{}')
  from generate_series((lower(claim.blocked) at time zone 'UTC')::date, (upper(claim.blocked) at time zone 'UTC')::date,
                       interval '1 day') as day (date)
  cross join lateral (select hashtextextended(claim.specialist_id || ' ' || day.date::date, 0) as value) as key
  where not exists (
    select from pg_locks
    where locktype = 'advisory' and pid = pg_backend_pid() and granted and objsubid = 1
      and (classid::bigint << 32 | objid::bigint) = key.value);
$$;

create or replace function tests.tg_time_claims__guard() returns trigger
language plpgsql security definer
as $$
begin
  if tests.unlocked_days(new) <> '{}' or tg_op = 'UPDATE' and tests.unlocked_days(old) <> '{}' then
    raise exception 'a claim is written without the lock of its days' using detail = to_jsonb(new)::text;
  end if;
  return new;
end;
$$;
