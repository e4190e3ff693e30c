-- The questions of a signed form with its answers in words, as they were shown: what a condition hid is left out. DOC-05.
-- Items outside of groups are sections without a title; each entry of a group that repeats is a section of its own.

create or replace function app_private.form_sections(
  organization_id uuid, items jsonb, answers jsonb, outer_values jsonb, locale text, title text
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_sections jsonb := '[]';
  v_lines jsonb := '[]';
  v_item jsonb;
  v_entry record;
  v_label text;
begin
  for v_item in select value from jsonb_array_elements(items) loop
    if v_item ? 'visible_if' and not app_private.form_condition(v_item -> 'visible_if', answers, outer_values) then
      continue;
    end if;
    v_label := app_private.words_in(v_item -> 'label', locale);
    if v_item ->> 'type' = 'group' then
      if v_lines <> '[]' then
        v_sections := v_sections || jsonb_build_object('title', form_sections.title, 'answers', v_lines);
        v_lines := '[]';
      end if;
      if v_item ? 'repeat' then
        for v_entry in select entry, place from jsonb_array_elements(coalesce(answers -> (v_item ->> 'key'), '[]')) with ordinality as each (entry, place) loop
          v_sections := v_sections || app_private.form_sections(
            organization_id, v_item -> 'items', v_entry.entry, outer_values || answers, locale, format('%s (%s)', v_label, v_entry.place));
        end loop;
      else
        v_sections := v_sections || app_private.form_sections(organization_id, v_item -> 'items', answers, outer_values, locale, v_label);
      end if;
    elsif v_item ->> 'type' = 'statement' then
      v_lines := v_lines || jsonb_build_object('kind', 'text', 'label', v_label, 'value', app_private.words_in(v_item -> 'text', locale));
    else
      v_lines := v_lines || jsonb_build_object('kind', 'answer', 'label', v_label,
        'value', app_private.answer_in_words(organization_id, v_item, answers -> (v_item ->> 'key'), locale));
    end if;
  end loop;
  if v_lines <> '[]' then
    v_sections := v_sections || jsonb_build_object('title', form_sections.title, 'answers', v_lines);
  end if;
  return v_sections;
end;
$$;

comment on function app_private.form_sections is 'Questions and answers of a form in words: [{title, answers: [{kind, label, value}]}].';
grant execute on function app_private.form_sections to app_engine;

create or replace function app_private.answer_in_words(organization_id uuid, item jsonb, answer jsonb, locale text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if answer is null or jsonb_typeof(answer) = 'null' then
    return null;
  end if;
  return case replace(item ->> 'type', 'choices', 'choice')
    when 'boolean' then case when answer = 'true' then case locale when 'ro' then 'Da' else 'Yes' end
      else case locale when 'ro' then 'Nu' else 'No' end end
    when 'date' then to_char((answer #>> '{}')::date, case locale when 'ro' then 'DD.MM.YYYY' else 'DD/MM/YYYY' end)
    when 'number' then case locale when 'ro' then replace(answer #>> '{}', '.', ',') else answer #>> '{}' end
    when 'file' then (
      select string_agg(files.filename, ', ' order by files.id) from app_public.files
      where files.organization_id = answer_in_words.organization_id
        and files.id::text in (select named #>> '{}' from jsonb_path_query(answer, 'lax $[*]') as named))
    when 'choice' then (
      select string_agg(coalesce(app_private.words_in(option -> 'label', locale), given #>> '{}'), ', ' order by place)
      from jsonb_path_query(answer, 'lax $[*]') with ordinality as each (given, place)
      left join jsonb_array_elements(item -> 'options') as option on option -> 'value' = given)
    else answer #>> '{}'
  end;
end;
$$;

comment on function app_private.answer_in_words is 'An answer as people read it in a language; null where there is none.';
grant execute on function app_private.answer_in_words to app_engine;
