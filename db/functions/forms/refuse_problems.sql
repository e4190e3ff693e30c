-- Everything that is wrong is said at once, each with its place, so that a page can show it where it stands. FRM-04, FND-29.

create or replace function app_private.refuse_problems(reason text, problems jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_array_length(problems) > 0
     and reason in ('answers_not_valid', 'content_not_valid', 'definition_not_valid', 'rule_not_valid', 'value_not_valid') then
    perform app_hidden.refuse('VALIDATION', reason, jsonb_build_object(
      'count', jsonb_array_length(problems),
      'fields', jsonb_path_query_array(problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.refuse_problems is
  'Passes where nothing is wrong; else VALIDATION with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.refuse_problems to app_engine;
