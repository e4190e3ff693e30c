-- Says which setting does not fit what the provider declares. FND-23.

create or replace function app_private.settings_problem(fields jsonb, settings jsonb) returns text
language sql stable parallel safe
set search_path = ''
begin atomic
  with declared as (
    select field ->> 'name' as name, field ->> 'kind' as kind, (field ->> 'required')::boolean as required
    from jsonb_array_elements(fields) as field
  )
  select problem.name
  from (
    select given.name
    from jsonb_object_keys(settings) as given (name)
    where given.name not in (select declared.name from declared)
    union all
    select declared.name
    from declared
    cross join lateral (select settings -> declared.name as value, settings ->> declared.name as text) as given
    where case
        when given.value is null or jsonb_typeof(given.value) = 'null' then declared.required
        when declared.kind = 'integer' then
          jsonb_typeof(given.value) <> 'number' or given.text !~ '^[0-9]{1,9}$'
        when declared.kind = 'boolean' then jsonb_typeof(given.value) <> 'boolean'
        when jsonb_typeof(given.value) <> 'string' or length(given.text) > 300
          or given.text ~ '[[:cntrl:]]' then true
        when declared.kind = 'url' then given.text !~ '^https?://[^\s/?#@]+(/[^\s?#]*)?$'
        when declared.kind = 'email' then given.text !~ '^[^\s@]+@[^\s@]+\.[^\s@]+$'
        when declared.kind = 'phone' then given.text !~ '^\+[1-9][0-9]{6,14}$'
        else given.text !~ '\S'
      end
  ) as problem
  order by problem.name
  limit 1;
end;

comment on function app_private.settings_problem is
  'The first setting that is unknown, missing or of another kind; null when all fit.';
grant execute on function app_private.settings_problem to app_engine;
