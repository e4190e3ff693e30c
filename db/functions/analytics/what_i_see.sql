-- What whoever asks sees of each table, in words: row security hides rows without one, and 0 is taken for empty. FND-36.

create or replace function analytics.what_i_see() returns table (table_name text, sees text)
language sql stable
set search_path = ''
begin atomic
  select
    n.nspname || '.' || c.relname,
    case
      when not has_schema_privilege(n.oid, 'usage') or not has_any_column_privilege(c.oid, 'select') then 'nothing: permission is denied'
      when me.rolsuper or me.rolbypassrls or not c.relrowsecurity then 'every row'
      when exists (
        select from pg_catalog.pg_policy p
        where p.polrelid = c.oid and p.polcmd in ('r', '*')
          and exists (select from unnest(p.polroles) as named where named = 0 or pg_has_role(named, 'usage'))
      ) then 'the rows that its policies show ' || current_user
      else 'no row: row security holds, and no policy is for ' || current_user
    end
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  cross join (select * from pg_catalog.pg_roles where rolname = current_user) me
  where n.nspname in ('app_public', 'app_hidden', 'app_private', 'app_telemetry', 'audit', 'analytics')
    and c.relkind in ('r', 'p') and not c.relispartition
  order by 1;
end;

comment on function analytics.what_i_see is 'For each table, what the role that asks sees of it: every row, those of its policies, none, or a refusal.';
grant execute on function analytics.what_i_see to app_analyst;
