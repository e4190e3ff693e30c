-- A table says how its rows age: in its policy file, after classify(). FND-12, GDP-03.
-- Run by migrations only. It refuses a rule that could not be carried out, or that would remove more than was meant: a
-- mistake shows when the migration is tried and not when the rows are gone.

create or replace function app_private.retain(
  table_name text,
  retention text,
  act text,
  kept_from text,
  only_if text default null,
  not_while text default null
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_problem text := app_private.retention_problem(
    retain.table_name, retain.retention, retain.act, retain.kept_from, retain.only_if);
begin
  if v_problem is not null then
    raise exception 'retain: % %', retain.table_name, v_problem;
  end if;
  execute format('select from %s where (%s) and (%s) limit 0',
    retain.table_name::regclass, coalesce(retain.only_if, 'true'), coalesce(retain.not_while, 'true'));

  insert into app_private.retention_rules (table_name, retention, act, kept_from, only_if, not_while)
  values (retain.table_name, retain.retention, retain.act, retain.kept_from, retain.only_if, retain.not_while)
  on conflict on constraint retention_rules_pkey do update
    set act = excluded.act, kept_from = excluded.kept_from, only_if = excluded.only_if,
      not_while = excluded.not_while;
  insert into app_private.retention_runs (table_name, retention, ran_at)
  values (retain.table_name, retain.retention, app_hidden.now())
  on conflict on constraint retention_runs_pkey do nothing;
end;
$$;

comment on function app_private.retain is
  'Registers what act_on_retention() does with rows of a classified table when the retention has passed since kept_from '
  '(a timestamptz of the row): delete the row, or blank the columns that classify() keeps for this retention. only_if is '
  'SQL over the row. To delete by another retention than the table''s, it must be given. not_while is SQL over the row, '
  'too, such as its status: a row that something still needs stays until that is over.';
