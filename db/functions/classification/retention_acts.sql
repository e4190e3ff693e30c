-- The rules of retention that may be acted on. FND-12, GDP-03.
-- A period that nobody confirmed, one that waits for counsel and one that is held (a court asks for the rows) are left
-- alone. So is health data, unless whoever confirmed the period decided about it, too: the patient's file is not removed
-- by its age, copies that were told to people are.

set role app_engine;

create or replace function app_private.retention_acts()
returns table (
  table_name text, retention text, act text, kept_from text, only_if text, not_while text, keep_for interval, columns text[]
)
language sql stable security definer
set search_path = ''
as $$
  select rules.table_name, rules.retention, rules.act, rules.kept_from, rules.only_if, rules.not_while,
    retentions.keep_for, touched.columns
  from app_private.retention_rules as rules
  join app_private.retentions on retentions.key = rules.retention
  cross join lateral (
    select array_agg(classified_columns.column_name order by classified_columns.column_name) as columns,
           bool_or(classified_columns.class = 'phi') as holds_health_data
    from app_private.classified_columns
    where classified_columns.table_name = rules.table_name
      and (rules.act = 'delete' or classified_columns.retention = rules.retention)
  ) as touched
  where retentions.keep_for is not null
    and retentions.confirmed_by is not null
    and retentions.held_because is null
    and (retentions.with_health_data or not touched.holds_health_data)
  order by rules.table_name, rules.retention
$$;

comment on function app_private.retention_acts is
  'What act_on_retention() may do: per table and retention the act, the period, and the columns that it touches.';

grant execute on function app_private.retention_acts to app_worker;

reset role;
