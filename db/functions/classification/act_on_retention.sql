-- Deletes or blanks what a table has kept for long enough: one bounded step, the oldest first. FND-12, GDP-03.
-- Each call is a transaction of its own, so whoever is cut off goes on where they were. What somebody else has locked is
-- left for the next time; so is what something still needs (not_while), also where nobody can tell.

set role app_engine;

create or replace function app_private.act_on_retention(table_name text, retention text, up_to int default 1000) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule record;
  v_change text;
  v_also text;
  v_removed int;
begin
  select acts.* into v_rule
  from app_private.retention_acts() as acts
  where acts.table_name = act_on_retention.table_name and acts.retention = act_on_retention.retention;
  if not found then
    return 0;
  end if;

  if v_rule.act = 'delete' then
    v_change := format('delete from %s', v_rule.table_name::regclass);
  else
    v_change := format('update %s set %s', v_rule.table_name::regclass,
      (select string_agg(format('%I = null', named), ', ') from unnest(v_rule.columns) as named));
    v_also := (select string_agg(format('%I is not null', named), ' or ') from unnest(v_rule.columns) as named);
  end if;
  execute format(
    '%s where ctid = any (array(
       select ctid from %s
       where %I < $1 and (%s) and not (%s) and (%s)
       order by %I
       limit $2
       for update skip locked))',
    v_change, v_rule.table_name::regclass, v_rule.kept_from, coalesce(v_rule.only_if, 'true'),
    coalesce(v_rule.not_while, 'false'), coalesce(v_also, 'true'), v_rule.kept_from)
  using app_hidden.now() - v_rule.keep_for, act_on_retention.up_to;
  get diagnostics v_removed = row_count;

  insert into app_private.retention_runs (table_name, retention, ran_at, removed)
  values (act_on_retention.table_name, act_on_retention.retention, app_hidden.now(), v_removed)
  on conflict on constraint retention_runs_pkey do update
    set ran_at = excluded.ran_at, removed = retention_runs.removed + excluded.removed;
  return v_removed;
end;
$$;

comment on function app_private.act_on_retention is
  'Does what retain() declared for a table and a retention to at most this many rows, and says to how many: fewer than '
  'that and none is left that may go now. 0 where retention_acts() does not name it.';

grant execute on function app_private.act_on_retention to app_worker;

reset role;
