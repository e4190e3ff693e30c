-- What was deleted, for those who may bring it back. What belongs to something that is deleted itself is not listed: it
-- comes back with it, or afterwards. FND-10.

-- Names and labels come from the registry, which migrations alone write.
create or replace function app_private.deleted_rows_query(table_name text, condition text) returns text
language sql stable
set search_path = ''
begin atomic
  select format(
    'select %L::text, r.id, (to_jsonb(r) ->> ''organization_id'')::uuid, (%s)::text, r.deleted_at from %s as r
     where r.deleted_at is not null and %s',
    split_part(soft_deletes.table_name, '.', 2), soft_deletes.label, soft_deletes.table_name::regclass, condition)
  from app_private.soft_deletes
  where soft_deletes.table_name = deleted_rows_query.table_name;
end;

comment on function app_private.deleted_rows_query is 'The query of a table''s deleted rows r that meet a condition.';
grant execute on function app_private.deleted_rows_query to app_engine;

set role app_engine;

create or replace function app_public.deleted_rows(organization_id uuid default null) returns setof app_public.deleted_row
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_queries text;
begin
  select string_agg(
    app_private.deleted_rows_query(
      soft_deletes.table_name,
      case when soft_deletes.permission is null then 'true'
           else format('r.organization_id = any (%L::uuid[]) and ($1 is null or r.organization_id = $1)', may_restore.ids) end
      || case when soft_deletes.follows is null then ''
           else format(' and not exists (select from %s as leader cross join lateral (select r.*) as follower
                                         where %s and leader.deleted_at is not null)',
                       soft_deletes.follows::regclass, app_private.follows_where(soft_deletes.table_name, soft_deletes.follows)) end),
    ' union all ')
  into v_queries
  from app_private.soft_deletes
  cross join lateral (select app_hidden.organization_ids_where(soft_deletes.permission)) as may_restore (ids)
  where case when soft_deletes.permission is null then app_hidden.is_superadmin() and deleted_rows.organization_id is null
             else may_restore.ids <> '{}' end;
  if v_queries is not null then
    return query execute v_queries || ' order by 5 desc, 2' using deleted_rows.organization_id;
  end if;
end;
$$;

comment on function app_public.deleted_rows is
  'What was deleted at the caller''s clinics, or at one, newest first: only what the caller may bring back.';
grant execute on function app_public.deleted_rows to app_member;

reset role;
