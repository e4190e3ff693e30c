-- Reads a text as the renderer will. FND-15.
-- A text is words, names ({{when}}) and sections that are closed in order ({{#reason}}…{{/reason}}, {{^reason}}…).
-- Nothing else of mustache, and no braces that could become it: no partials, no other delimiters, no unescaped or nested names, no comments.

create or replace function app_private.text_problem(text text, names text[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_tag text[];
  v_open text[] := '{}';
  v_rest text := text_problem.text;
begin
  for v_tag in
    select regexp_matches(text_problem.text, '\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}', 'g')
  loop
    if v_tag[2] <> all (names) then
      return jsonb_build_object('problem', 'variable_unknown', 'variable', v_tag[2], 'legal', to_jsonb(names));
    elsif v_tag[1] in ('#', '^') then
      v_open := array_append(v_open, v_tag[2]);
    elsif v_tag[1] = '/' then
      if v_open = '{}' or v_open[cardinality(v_open)] <> v_tag[2] then
        return jsonb_build_object('problem', 'section_not_open', 'variable', v_tag[2]);
      end if;
      v_open := trim_array(v_open, 1);
    end if;
  end loop;
  if v_open <> '{}' then
    return jsonb_build_object('problem', 'section_not_closed', 'variable', v_open[cardinality(v_open)]);
  end if;
  v_rest := regexp_replace(v_rest, '\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}', '', 'g');
  if v_rest ~ '[{}]' then
    return jsonb_build_object('problem', 'tag_malformed');
  end if;
  return null;
end;
$$;

comment on function app_private.text_problem is
  'What keeps a text from being rendered: an unknown name, a section that is not closed, a tag that is none; null when nothing does.';
grant execute on function app_private.text_problem to app_engine;
