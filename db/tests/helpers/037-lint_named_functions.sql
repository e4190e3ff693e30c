-- The catalog lint, functions that rows name: each is there, and nobody but the engine could put another in its place.

create or replace function tests.lint_named_functions() returns table (object text, problem text)
language sql stable as $$
  with named as (
    select 'app_private.event_subscriptions ' || s.event_name as object, s.messages_function as name,
           'app_private.events' as arguments, 'void' as result
    from app_private.event_subscriptions s where s.consumer = 'notifications'
    union all
    select 'app_private.file_owner_kinds ' || k.key, k.owner_function, 'uuid', 'app_private.owner_of_file'
    from app_private.file_owner_kinds k
    union all
    select 'app_private.link_kinds ' || k.key, k.target_function, 'uuid,uuid', 'app_private.link_target'
    from app_private.link_kinds k
    union all
    select 'app_private.merge_rules ' || r.table_name || '.' || r.column_name, r.merge_function,
           'app_public.patients,app_public.patients,boolean', 'jsonb'
    from app_private.merge_rules r where r.merge_function is not null
  )
  select n.object, format('needs a function app_private.%s(%s) returns %s that app_engine may call and that is no security definer', n.name, n.arguments, n.result)
  from named n
  where app_private.is_engine_function(n.name, n.arguments, n.result) is not true
  union all
  -- And what has the name of one is called by a row.
  select f.name, 'is named by no row'
  from tests.app_functions f
  where f.proname ~ '^(messages_about|file_owner|on_merge|target_of)_' and not exists (select from named n where n.name = f.proname)
  union all
  select c.table_name, 'names functions and has no trigger _200_guard_function before insert and update'
  from tests.app_columns c
  where c.attname ~ '_function$' and not exists (
    select from pg_catalog.pg_trigger tg
    where tg.tgrelid = c.table_oid and tg.tgname = '_200_guard_function' and tg.tgenabled = 'O'
      and tg.tgtype & (1 | 2 | 4 | 16) = 1 | 2 | 4 | 16 and tg.tgqual is null and cardinality(tg.tgattr) = 0
  );
$$;

-- What files may belong to is what files are readable by: one kind, one column with a key, one policy that asks its table.
create or replace function tests.lint_file_owners() returns table (object text, problem text)
language sql stable as $$
  with kinds as (
    select k.key, 'app_private.file_owner_kinds ' || k.key as object, a.attnum, con.confrelid
    from app_private.file_owner_kinds k
    left join pg_catalog.pg_attribute a on a.attrelid = 'app_public.files'::regclass and a.attname = k.column_name
    left join pg_catalog.pg_constraint con
      on con.conrelid = a.attrelid and con.contype = 'f' and a.attnum = any (con.conkey)
  )
  select object, 'has no column of app_public.files with a foreign key to the owner' from kinds where confrelid is null
  union all
  select object, 'has no policy by which files are readable where such an owner is: admit_file_owners() writes it'
  from kinds
  where not exists (
    select
    from pg_catalog.pg_policy pol
    join pg_catalog.pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = pol.oid and d.refobjid = kinds.confrelid
    where pol.polrelid = 'app_public.files'::regclass and pol.polname = 'files_select_of_' || kinds.key
  )
  union all
  select p.name, 'is the policy of a kind that is none'
  from tests.app_policies p
  where p.table_name = 'app_public.files' and p.polname ~ '^files_select_of_'
    and not exists (select from kinds where p.polname in ('files_select_of_' || kinds.key, 'files_select_of_' || kinds.key || '_of_patient'));
$$;
