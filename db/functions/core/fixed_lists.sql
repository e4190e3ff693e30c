-- Words that stand in rows of the product and are a type of the API: what a channel, a surface, a permission can be.
-- Asked once, by the API as it starts, before anybody is anybody. What the API lists itself, such as topics, is not here:
-- a frontend reads those. FND-29.

set role app_engine;

create or replace function app_hidden.fixed_lists() returns table (table_name text, words jsonb)
language sql stable security definer
set search_path = ''
begin atomic
  select 'app_private.channels',
         (select jsonb_agg(jsonb_build_object('word', name, 'description', description) order by name) from app_private.channels)
  union all
  select 'app_private.file_surfaces',
         (select jsonb_agg(jsonb_build_object('word', key, 'description', description) order by key) from app_private.file_surfaces);
end;

comment on function app_hidden.fixed_lists is 'The words of fixed lists that are rows, with what each means, by the table that holds them.';
grant execute on function app_hidden.fixed_lists to app_authenticator;

reset role;
