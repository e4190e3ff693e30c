-- What goes with a row, and comes back with it: the rows of following tables that point to it and were deleted at the
-- same instant, or not at all. Nothing that a caller says becomes SQL: names come from the registry and the catalog.
-- FND-10.

create or replace function app_private.rows_that_follow(table_name text, row_id uuid, deleted_at timestamptz)
returns table (follower text, follower_id uuid)
language plpgsql stable
set search_path = ''
as $$
declare
  v_follower text;
begin
  for v_follower in
    select soft_deletes.table_name from app_private.soft_deletes where soft_deletes.follows = rows_that_follow.table_name
  loop
    return query execute format(
      'select %L, follower.id from %s as follower join %s as leader on %s
       where leader.id = $1 and follower.deleted_at is not distinct from $2
       order by follower.id',
      v_follower, v_follower::regclass, rows_that_follow.table_name::regclass,
      app_private.follows_where(v_follower, rows_that_follow.table_name))
    using row_id, rows_that_follow.deleted_at;
  end loop;
end;
$$;

comment on function app_private.rows_that_follow is
  'Rows that go and come back with this one, as they are now: deleted at that instant, or live when it is null.';
grant execute on function app_private.rows_that_follow to app_engine;

create or replace function app_private.follows_where(follower text, leader text) returns text
language sql stable
set search_path = ''
begin atomic
  select string_agg(format('follower.%I = leader.%I', own.attname, theirs.attname), ' and ' order by pair.place)
  from (
    select conrelid, confrelid, conkey, confkey
    from pg_catalog.pg_constraint
    where contype = 'f' and conrelid = follower::regclass and confrelid = leader::regclass
    order by conname limit 1
  ) as foreign_key
  cross join lateral unnest(conkey, confkey) with ordinality as pair (own, theirs, place)
  join pg_catalog.pg_attribute as own on own.attrelid = conrelid and own.attnum = pair.own
  join pg_catalog.pg_attribute as theirs on theirs.attrelid = confrelid and theirs.attnum = pair.theirs;
end;

comment on function app_private.follows_where is 'How rows of a table point to rows of the one that they follow.';
grant execute on function app_private.follows_where to app_engine;
