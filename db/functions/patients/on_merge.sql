-- A table says what a merge of two patients does with its rows: in its policy file, after classify(), once for each column
-- that names a patient. FND-34. Run by migrations only. It refuses a rule that could not be carried out.

create or replace function app_private.on_merge(table_name text, column_name text, rule text, reason text default null) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_problem constant text := app_private.merge_rule_problem(on_merge.table_name, on_merge.column_name, on_merge.rule);
begin
  if v_problem is not null then
    raise exception 'on_merge: %.% %', on_merge.table_name, on_merge.column_name, v_problem;
  end if;
  insert into app_private.merge_rules (table_name, column_name, rule, reason, merge_function)
  values (
    on_merge.table_name, on_merge.column_name,
    case when on_merge.rule in ('moves', 'follows', 'stays') then on_merge.rule else 'calls' end,
    on_merge.reason,
    case when on_merge.rule not in ('moves', 'follows', 'stays') then on_merge.rule end)
  on conflict on constraint merge_rules_pkey do update
    set rule = excluded.rule, reason = excluded.reason, merge_function = excluded.merge_function;
end;
$$;

comment on function app_private.on_merge is
  'Registers what merge_patients() does with rows that name the duplicate in this column. moves: they go to the patient who '
  'is kept, but for those whose place in a unique key is taken there; where the table is at home with a person, only while '
  'the clinic alone knows both. follows: likewise, after a key with on update cascade took along those that belong to a row '
  'that moves. stays: nothing, for the reason that is given. Anything else is the name of a function on_merge_…(kept app_public.patients, duplicate app_public.patients, '
  'is_the_clinics_own boolean) returns jsonb, which does what is to be done and answers as move_on_merge() does.';
