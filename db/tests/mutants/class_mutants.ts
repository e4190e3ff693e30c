/**
 * What can be broken in what columns are said to hold, in how secrets and objects are kept, in the audit's triggers
 * and in deletion that can be taken back. FND-08, FND-10, FND-12.
 */
export const classMutants = `
select distinct on (c.table_name) 'forget what a column holds' as kind, c.name as object, c.table_name as "table",
       format('delete from app_private.classified_columns where table_name = %L and column_name = %L', c.table_name, c.attname) as sql
from tests.classified c

union all
select 'forget what a table holds', t.table_name, t.table_name,
       format('delete from app_private.merge_rules where table_name = %L; '
              || 'delete from app_private.classified_tables where table_name = %1$L', t.table_name)
from app_private.classified_tables t
where t.table_name not in (select follows from app_private.soft_deletes where follows is not null)
  and t.table_name not in (select table_name from app_private.retention_rules where table_name is not null)

union all
select 'call it public', c.name, c.table_name,
       format('update app_private.classified_columns set class = ''public'' where table_name = %L and column_name = %L', c.table_name, c.attname)
from tests.classified c
where c.is_personal or c.is_masked

union all
select 'keep it for ever', t.table_name, t.table_name,
       format('update app_private.classified_tables set retention = ''reference'' where table_name = %L; '
              || 'update app_private.classified_columns set retention = ''reference'' where table_name = %1$L', t.table_name)
from app_private.classified_tables t
where t.retention <> 'reference'

union all
select 'let its rows stay or go', t.table_name, t.table_name,
       format('update app_private.classified_tables set home = %L where table_name = %L',
              case t.home when 'cell' then 'clinic' else 'cell' end, t.table_name)
from app_private.classified_tables t

union all
select 'forget whom it is about', t.table_name, t.table_name,
       format('update app_private.classified_tables set person_column = null where table_name = %L', t.table_name)
from app_private.classified_tables t
where t.person_column is not null

union all
select 'leave it out of the audit', t.table_name, t.table_name,
       format('update app_private.classified_tables set unaudited = ''Nobody asks for it.'' where table_name = %L', t.table_name)
from app_private.classified_tables t
where t.unaudited is null

union all
select 'audit replicas only', t.name, t.name, format('alter table %s enable replica trigger %I', t.name, tg.tgname)
from pg_trigger tg
join tests.app_tables t on t.oid = tg.tgrelid
where tg.tgname = '_500_audit' and tg.tgparentid = 0

union all
select 'no longer say how a secret is protected', c.name, c.table_name,
       format('update app_private.classified_columns set protection = null where table_name = %L and column_name = %L', c.table_name, c.attname)
from tests.classified c
where c.protection is not null

union all
select 'let a secret have any length', c.name, c.table_name, format('alter table %s drop constraint %I', c.table_name, k.conname)
from tests.classified c
join pg_constraint k on k.conrelid = c.table_oid and k.contype = 'c' and c.attnum = any (k.conkey)
where c.protection is not null and pg_get_constraintdef(k.oid) ~ '\\mlength\\(|octet_length\\('
  -- What another check of the same column, or of its type, still holds is not lost.
  and not exists (
    select from pg_constraint other
    where (other.conrelid = k.conrelid and other.contype = 'c' and other.oid <> k.oid and c.attnum = any (other.conkey)
           or other.contypid = c.atttypid)
      and pg_get_constraintdef(other.oid) ~ '\\mlength\\(|octet_length\\(')

union all
select distinct 'let a secret have any length', k.conname::text || ' of ' || k.contypid::regtype, null,
       format('alter domain %s drop constraint %I', k.contypid::regtype, k.conname)
from tests.classified c
join pg_constraint k on k.contypid = c.atttypid and pg_get_constraintdef(k.oid) ~ '\\mlength\\(|octet_length\\('
where c.protection is not null

union all
select 'grant a secret', c.name || ': ' || command || ' to ' || role, c.table_name,
       format('grant %s (%I) on %s to %s', command, c.attname, c.table_name, role)
from tests.classified c
cross join unnest('{select,update}'::text[]) command
cross join unnest('{app_anonymous,app_member,app_worker,app_analyst}'::text[]) role
where c.is_masked or c.is_encrypted

union all
select 'show analysts who it is', c.name, c.table_name, format('grant select (%I) on %s to app_analyst', c.attname, c.table_name)
from tests.classified c
where c.is_personal

union all
select 'let an object have no ' || what.name, s.table_name || ' ' || s.key, s.table_name,
       format('alter table %s alter column %I drop not null; update %1$s set %2$I = null where key = %3$L', s.table_name, what.name, s.key)
from tests.object_surfaces() s
cross join unnest('{class,retention}'::text[]) as what (name)

union all
select 'let an object have any class', k.child, k.child,
       format('alter table %s drop constraint %I', k.child,
              (select conname from pg_constraint where conrelid = k.conrelid and k.name like '%(' || conname || ')'))
from tests.app_foreign_keys k
where k.child like '%\\_surfaces' and k.parent in ('app_private.data_classes', 'app_private.retentions')

union all
select 'let everybody keep large objects', p.oid::regprocedure::text, null, format('grant execute on function %s to public', p.oid::regprocedure)
from pg_proc p
where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^(lo_|loread$|lowrite$)'

union all
select 'show what was deleted', p.name, p.table_name,
       format('alter policy %I on %s using (%s)', p.polname, p.table_name, replace(p.using_text, '(deleted_at IS NULL)', 'true'))
from tests.app_policies p
join tests.soft_delete_tables t on t.oid = p.polrelid
where p.command in ('select', 'update') and p.using_text ~ '\\mdeleted_at IS NULL\\M'

union all
select 'count what was deleted as taken', i.name, t.name,
       format('drop index %s; %s', i.name, replace(pg_get_indexdef(i.name::regclass), ' WHERE ' || i.predicate, ''))
from tests.app_indexes i
join tests.soft_delete_tables t on t.oid = i.indrelid
where i.indisunique and i.predicate = '(deleted_at IS NULL)'

union all
select 'delete for good', t.name, t.name,
       format('grant delete on %s to app_member; create policy %I on %1$s for delete to app_member using (organization_id = any '
              || '((select app_hidden.organization_ids_where(''services.manage''))::uuid[]))', t.name, t.relname || '_delete_manager')
from tests.soft_delete_tables t
join tests.tenant_tables tt on tt.oid = t.oid

union all
select 'undelete past the verbs', t.name, t.name, format('grant update (deleted_at) on %s to app_member', t.name)
from tests.soft_delete_tables t

union all
select 'forget that it can come back', d.table_name, d.table_name, format('delete from app_private.soft_deletes where table_name = %L', d.table_name)
from app_private.soft_deletes d
where d.table_name not in (select follows from app_private.soft_deletes where follows is not null)

union all
select 'let anybody on the desk restore', d.table_name, d.table_name,
       format('update app_private.soft_deletes set permission = ''appointments.view'' where table_name = %L', d.table_name)
from app_private.soft_deletes d

union all
select 'leave behind what belongs to it', d.table_name, d.table_name,
       format('update app_private.soft_deletes set follows = null where table_name = %L', d.table_name)
from app_private.soft_deletes d
where d.follows is not null
`;
