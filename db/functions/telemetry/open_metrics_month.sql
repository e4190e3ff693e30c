-- Partitions of a month for what recordings come to in detail. The task makes them ahead; should it have slept, the first write of a month makes its
-- own. Only the owner of a partitioned table may attach to it, so this is the owner's, as audit.open_month() is: it takes a time and no
-- text, and row security leaves the owner no row. TEL-05.

create or replace function app_private.open_metrics_month(month timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first timestamptz := date_trunc('month', open_metrics_month.month, 'UTC');
  v_next timestamptz := date_trunc('month', date_trunc('month', open_metrics_month.month, 'UTC') + interval '40 days', 'UTC');
  v_parent text;
  v_partition text;
begin
  if to_regclass('app_private.media_buffering_events_' || to_char(v_first at time zone 'UTC', 'YYYY_MM')) is not null then
    return;
  end if;
  -- Two at once would make the same table; the second finds it.
  perform pg_advisory_xact_lock(hashtextextended('telemetry: open_metrics_month', 0));
  foreach v_parent in array array['pose_rep_metrics', 'media_buffering_events'] loop
    v_partition := format('%s_%s', v_parent, to_char(v_first at time zone 'UTC', 'YYYY_MM'));
    continue when to_regclass('app_private.' || v_partition) is not null;
    -- Made beside and then attached: that locks out nobody who writes.
    execute format('create table app_private.%I (like app_public.%I including all)', v_partition, v_parent);
    execute format('alter table app_private.%I enable row level security', v_partition);
    execute format('alter table app_private.%I force row level security', v_partition);
    execute format('alter table app_public.%I attach partition app_private.%I for values from (%L) to (%L)',
      v_parent, v_partition, v_first, v_next);
  end loop;
end;
$$;

comment on function app_private.open_metrics_month is
  'Makes the partitions of the month of this instant, in UTC, for repetitions and stalls, unless they are there.';
grant execute on function app_private.open_metrics_month to app_engine;

set role app_engine;

create or replace function app_private.open_metrics_months(ahead int default 3) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  for v_month in 0 .. open_metrics_months.ahead loop
    perform app_private.open_metrics_month(app_hidden.now() + make_interval(months => v_month));
  end loop;
end;
$$;

comment on function app_private.open_metrics_months is 'Makes the partitions of this month and of those ahead, for repetitions and stalls.';
grant execute on function app_private.open_metrics_months to app_worker;
reset role;
