-- Goes over the items of a level in their order, and leaves of the answers what is shown and not empty. A step of
-- form_problems(). FRM-04.

create or replace function app_private.read_items(
  items jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_key text;
  v_type text;
  v_value jsonb;
  v_reason text;
  v_details jsonb;
begin
  kept := answers;
  for v_item in select value from jsonb_array_elements(items) loop
    v_key := v_item ->> 'key';
    v_type := v_item ->> 'type';
    if v_item ? 'visible_if' and not app_private.form_condition(v_item -> 'visible_if', kept, outer_values) then
      kept := kept - app_private.level_keys(jsonb_build_array(v_item));
      continue;
    end if;

    if v_type = 'statement' then
      continue;
    elsif v_type = 'group' then
      if v_item ? 'repeat' then
        select read.kept, read.problems into kept, problems
        from app_private.read_entries(v_item, kept, outer_values, prefix, complete, problems) as read;
      else
        select read.kept, read.problems into kept, problems
        from app_private.read_items(v_item -> 'items', kept, outer_values, prefix, complete, problems) as read;
      end if;
      continue;
    end if;

    v_value := kept -> v_key;
    if v_value is null or v_value in ('null', '[]') or btrim(v_value #>> '{}', e' \t\r\n') = '' then
      kept := kept - v_key;
      if complete and coalesce((v_item ->> 'required')::boolean, false) then
        problems := problems || jsonb_build_object('path', prefix || v_key, 'reason', 'required', 'details', '{}'::jsonb);
      end if;
      continue;
    end if;

    select found.reason, found.details into v_reason, v_details from app_private.answer_problem(v_item, v_type, v_value) as found;
    if v_reason is not null then
      problems := problems || jsonb_build_object('path', prefix || v_key, 'reason', v_reason, 'details', coalesce(v_details, '{}'));
    end if;
  end loop;
end;
$$;

comment on function app_private.read_items is 'Reads the answers to items of one level: see form_problems().';
grant execute on function app_private.read_items to app_engine;

-- The entries of a group that repeats: each is a level of its own, which sees what was answered outside before.
create or replace function app_private.read_entries(
  item jsonb, answers jsonb, outer_values jsonb, prefix text, complete boolean, inout problems jsonb, out kept jsonb
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_key constant text := item ->> 'key';
  v_path constant text := prefix || v_key;
  v_given constant jsonb := answers -> v_key;
  v_least constant int := coalesce((item #>> '{repeat,min}')::int, 0);
  v_most constant int := coalesce((item #>> '{repeat,max}')::int, 100);
  v_outer jsonb;
  v_entry record;
  v_read jsonb;
  v_entries jsonb[] := '{}';
  v_count int := 0;
begin
  kept := answers;
  if jsonb_typeof(v_given) not in ('array', 'null') then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'not_a_list', 'details', '{}'::jsonb);
    return;
  end if;
  if jsonb_typeof(v_given) = 'array' then
    v_count := jsonb_array_length(v_given);
  end if;
  if v_count > v_most then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'too_many', 'details', jsonb_build_object('bound', v_most));
    return;
  end if;
  if complete and v_count < v_least then
    problems := problems || jsonb_build_object('path', v_path, 'reason', 'too_few', 'details', jsonb_build_object('bound', v_least));
  end if;
  if v_count = 0 then
    kept := kept - v_key;
    return;
  end if;

  v_outer := outer_values || (answers - v_key);
  for v_entry in select value, ordinality - 1 as place from jsonb_array_elements(v_given) with ordinality loop
    if jsonb_typeof(v_entry.value) <> 'object' then
      problems := problems || jsonb_build_object(
        'path', format('%s[%s]', v_path, v_entry.place), 'reason', 'not_an_object', 'details', '{}'::jsonb);
      v_entries := v_entries || v_entry.value;
    else
      select level.kept, level.problems into v_read, problems
      from app_private.read_level(
        item -> 'items', v_entry.value, v_outer, format('%s[%s].', v_path, v_entry.place), complete, problems) as level;
      v_entries := v_entries || v_read;
    end if;
  end loop;
  kept := kept || jsonb_build_object(v_key, to_jsonb(v_entries));
end;
$$;

comment on function app_private.read_entries is 'Reads the entries of a group that repeats: see form_problems().';
grant execute on function app_private.read_entries to app_engine;
