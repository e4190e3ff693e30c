-- Partitions of a month, for entries and seals. FND-08.
-- The task makes them ahead. Should it have slept for months, the first write of a new month makes its own: no write
-- is lost at the turn of a month, and no default partition collects what later has to be moved.
-- Only the owner of a partitioned table may attach to it, so these two are the owner's, the one exception to 0002:
-- they take a time and no text, and row level security leaves the owner no row of the log.

create or replace function audit.open_month(month timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first timestamptz := date_trunc('month', open_month.month, 'UTC');
  v_next timestamptz := date_trunc('month', date_trunc('month', open_month.month, 'UTC') + interval '40 days', 'UTC');
  v_parent text;
  v_partition text;
begin
  -- Two at once would make the same table; the second finds it.
  perform pg_advisory_xact_lock(hashtextextended('audit: open_month', 0));
  foreach v_parent in array array['entries', 'seals'] loop
    v_partition := format('%s_%s', v_parent, to_char(v_first at time zone 'UTC', 'YYYY_MM'));
    continue when to_regclass('audit.' || v_partition) is not null;
    -- Made beside and then attached: that locks out nobody who writes.
    execute format('create table audit.%I (like audit.%I including all)', v_partition, v_parent);
    execute format('alter table audit.%I enable row level security', v_partition);
    execute format('alter table audit.%I force row level security', v_partition);
    execute format(
      'create trigger _200_refuse_change before update or delete or truncate on audit.%I
         for each statement execute function audit.tg_refuse_change()', v_partition);
    execute format('alter table audit.%I attach partition audit.%I for values from (%L) to (%L)',
      v_parent, v_partition, v_first, v_next);
  end loop;
end;
$$;

comment on function audit.open_month is 'Makes the partitions of the month of this instant, in UTC, unless they are there.';

grant execute on function audit.open_month to app_engine;

create or replace function audit.month_is_open(at timestamptz) returns boolean
language sql stable
return pg_catalog.to_regclass('audit.seals_' || pg_catalog.to_char(at at time zone 'UTC', 'YYYY_MM')) is not null;

comment on function audit.month_is_open is 'Whether the partitions of the month of this instant, in UTC, are there.';

grant execute on function audit.month_is_open to app_engine;
