-- A part of the answers is saved: what is there is looked at, what is missing may come later. The caller holds the form's lock
-- and has asked who may. FRM-04.

create or replace function app_private.answer_form(form app_public.forms, answers jsonb) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms := form;
begin
  perform app_private.require_open_form(v_form, 'completed');
  v_form.answers := app_private.merged_answers(v_form, answer_form.answers);
  perform app_private.refuse_problems('answers_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from (
      select * from app_private.form_problems(v_form.snapshot, v_form.answers, false)
      union all
      select * from app_private.file_problems(v_form, v_form.answers)
    ) as problem));
  if v_form.status = 'pending' then
    update app_public.forms set answers = v_form.answers, status = 'in_progress'
    where forms.id = v_form.id
    returning * into v_form;
  else
    -- A status that is written is a move, the same one included.
    update app_public.forms set answers = v_form.answers
    where forms.id = v_form.id
    returning * into v_form;
  end if;
  return v_form;
end;
$$;

comment on function app_private.answer_form is
  'Saves answers beside those that are there; null takes one away. VALIDATION answers_not_valid with the path of each.';
grant execute on function app_private.answer_form to app_engine;

create or replace function app_private.merged_answers(form app_public.forms, answers jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if answers is null then
    return (form).answers;
  elsif jsonb_typeof(answers) <> 'object' then
    perform app_private.refuse_problems('answers_not_valid', '[{"path": "", "reason": "not_an_object", "details": {}}]');
  elsif octet_length(answers::text) > 200000 then
    perform app_private.refuse_problems(
      'answers_not_valid', '[{"path": "", "reason": "too_large_in_all", "details": {"bound": 200000}}]');
  end if;
  return jsonb_strip_nulls((form).answers || answers);
end;
$$;

comment on function app_private.merged_answers is 'The answers of a form with those that are given, without those that were taken away.';
grant execute on function app_private.merged_answers to app_engine;

-- A file that is an answer is one of this form, and its bytes were checked. FRM-06.
create or replace function app_private.file_problems(form app_public.forms, answers jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
as $$
  with recursive items as materialized (
    select item, item ->> 'key' as key from app_private.form_items((form).snapshot) as item
    where item ->> 'type' = 'file' or item ? 'repeat'
  ), levels (prefix, answers, depth) as (
    select '', file_problems.answers, 1
    union all
    select format('%s%s[%s].', levels.prefix, items.key, entry.ordinality - 1), entry.value, levels.depth + 1
    from levels
    join items on items.item ? 'repeat'
    cross join lateral jsonb_array_elements(
      case when jsonb_typeof(levels.answers -> items.key) = 'array' then levels.answers -> items.key else '[]' end
    ) with ordinality as entry
    where levels.depth < 4
  )
  select levels.prefix || items.key, 'not_a_file', '{}'::jsonb
  from levels
  join items on items.item ->> 'type' = 'file' and jsonb_typeof(levels.answers -> items.key) = 'array'
  where exists (
    select from jsonb_array_elements_text(levels.answers -> items.key) as given (file_id)
    where not exists (
      select from app_public.files
      where files.organization_id = (form).organization_id and files.form_id = (form).id
        and files.id::text = given.file_id and files.status = 'confirmed'))
$$;

comment on function app_private.file_problems is 'Fields that are answered with what is no checked file of this form.';
grant execute on function app_private.file_problems to app_engine;
