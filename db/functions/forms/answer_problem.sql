-- What is wrong with one answer that is not empty, by the type of its field: the first thing only. FRM-04. Texts are counted in characters.

create or replace function app_private.answer_problem(item jsonb, type text, value jsonb, out reason text, out details jsonb)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_kind constant text := jsonb_typeof(value);
  v_text text;
  v_number numeric;
  v_count int;
begin
  case type
    when 'text', 'long_text', 'email', 'phone' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
        return;
      end if;
      v_text := value #>> '{}';
      v_count := length(v_text);
      if v_count > coalesce((item ->> 'max_length')::int, 10000) then
        reason := 'too_long';
        details := jsonb_build_object('bound', coalesce((item ->> 'max_length')::int, 10000));
      elsif v_count < (item ->> 'min_length')::int then
        reason := 'too_short';
        details := jsonb_build_object('bound', (item ->> 'min_length')::int);
      elsif type <> 'long_text' and v_text ~ '[\u0001-\u001F\u007F]' then
        reason := 'not_one_line';
      elsif type = 'email' and not (v_count <= 254
          and v_text ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$') then
        reason := 'not_an_email';
      elsif type = 'phone' and not (v_text ~ '^\+?[0-9 ().-]{6,30}$' and length(regexp_replace(v_text, '[^0-9]', '', 'g')) between 6 and 15) then
        reason := 'not_a_phone';
      end if;
    when 'integer', 'number', 'scale' then
      if v_kind <> 'number' then
        reason := 'not_a_number';
        return;
      end if;
      v_number := value::numeric;
      if v_number > coalesce((item ->> 'max')::numeric, 1000000000000000) then
        reason := 'too_large';
        details := jsonb_build_object('bound', coalesce((item ->> 'max')::numeric, 1000000000000000));
      elsif v_number < coalesce((item ->> 'min')::numeric, -1000000000000000) then
        reason := 'too_small';
        details := jsonb_build_object('bound', coalesce((item ->> 'min')::numeric, -1000000000000000));
      elsif type <> 'number' and v_number % 1 <> 0 then
        reason := 'not_an_integer';
      end if;
    when 'boolean' then
      if v_kind <> 'boolean' then
        reason := 'not_a_boolean';
      end if;
    when 'date' then
      v_text := value #>> '{}';
      if v_kind <> 'string' or v_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(v_text, 'date') then
        reason := 'not_a_date';
      elsif v_text collate "C" > item ->> 'max' then
        reason := 'too_late';
        details := jsonb_build_object('bound', item -> 'max');
      elsif v_text collate "C" < item ->> 'min' then
        reason := 'too_early';
        details := jsonb_build_object('bound', item -> 'min');
      end if;
    when 'choice' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif not jsonb_path_exists(item, '$.options[*] ? (@.value == $chosen)', jsonb_build_object('chosen', value)) then
        reason := 'not_offered';
      end if;
    when 'choices', 'file' then
      select found.reason, found.details into reason, details from app_private.list_problem(item, type, value) as found;
    else
      reason := 'type_unknown';
  end case;
end;
$$;

comment on function app_private.answer_problem is 'The first thing that is wrong with an answer, and its bound; null where nothing is.';
grant execute on function app_private.answer_problem to app_engine;

-- Several choices, or several files by their ids.
create or replace function app_private.list_problem(item jsonb, type text, value jsonb, out reason text, out details jsonb)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_count int;
  v_different int;
  v_texts int;
  v_fitting int;
  v_most constant int := case type when 'file' then coalesce((item ->> 'max_files')::int, 1) else (item ->> 'max_chosen')::int end;
begin
  if jsonb_typeof(value) <> 'array' then
    reason := 'not_a_list';
    return;
  end if;
  select count(*), count(distinct listed.value), count(*) filter (where jsonb_typeof(listed.value) = 'string'),
         count(*) filter (where case type
           when 'file' then listed.value #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
           else jsonb_path_exists(item, '$.options[*] ? (@.value == $chosen)', jsonb_build_object('chosen', listed.value))
         end)
  into v_count, v_different, v_texts, v_fitting
  from jsonb_array_elements(value) as listed;
  if v_texts < v_count then
    reason := 'not_a_text';
  elsif v_count > v_most then
    reason := 'too_many';
    details := jsonb_build_object('bound', v_most);
  elsif v_count < (item ->> 'min_chosen')::int then
    reason := 'too_few';
    details := jsonb_build_object('bound', (item ->> 'min_chosen')::int);
  elsif v_different < v_count then
    reason := 'chosen_twice';
  elsif v_fitting < v_count then
    reason := case type when 'file' then 'not_a_file' else 'not_offered' end;
  end if;
end;
$$;

comment on function app_private.list_problem is 'The first thing that is wrong with a list of choices or files; null where nothing is.';
grant execute on function app_private.list_problem to app_engine;
