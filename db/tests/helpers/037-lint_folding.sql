-- The catalog lint, folding: text is compared as an identity by app_hidden.ascii_lower() alone. FND-03.
-- The bounds of ranges are called lower() and upper() too; what is a range says the catalog.

create or replace view tests.app_expressions as
select f.name as object, regexp_replace(coalesce(f.prosrc, '') || coalesce(pg_catalog.pg_get_function_sqlbody(f.oid), ''), '--[^\n]*', '', 'g') as expression
from tests.app_functions f where f.prokind in ('f', 'p')
union all
select c.conname::text, pg_catalog.pg_get_constraintdef(c.oid)
from pg_catalog.pg_constraint c where c.connamespace = any (tests.app_schemas()) and c.contype in ('c', 'x')
union all
select i.indexrelid::regclass::text, pg_catalog.pg_get_indexdef(i.indexrelid)
from pg_catalog.pg_index i join tests.app_tables t on t.oid = i.indrelid
union all
select t.name || '.' || a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)
from pg_catalog.pg_attrdef d
join tests.app_tables t on t.oid = d.adrelid
join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
union all
select p.name, concat_ws(' ', pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
from tests.app_policies p
union all
select c.oid::regclass::text, pg_catalog.pg_get_viewdef(c.oid)
from pg_catalog.pg_class c where c.relkind in ('v', 'm') and c.relnamespace = any (tests.app_schemas());

-- Names of columns, arguments and variables that stand for a range, and never for anything else.
create or replace view tests.range_names as
select named.name
from (
  select a.attname::text, a.atttypid
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  where a.attnum > 0 and c.relnamespace = any (tests.app_schemas())
  union all
  select a.name, a.type
  from tests.app_functions f
  cross join lateral unnest(f.proargnames, coalesce(f.proallargtypes, f.proargtypes::oid[])) as a (name, type)
) as named (name, type)
join pg_catalog.pg_type t on t.oid = named.type
where named.name <> ''
group by named.name
having bool_and(t.typtype in ('r', 'm'));

create or replace function tests.lint_folding() returns table (object text, problem text)
language sql stable as $$
  with calls as (
    select e.object, m[1] as name, btrim(m[2]) as argument
    from tests.app_expressions e
    cross join lateral regexp_matches(e.expression, '\m(lower|upper|initcap|casefold)\s*\(([^)]*)\)', 'gi') as m
    where e.object <> 'app_hidden.ascii_lower(text)'
  )
  select c.object || ': ' || c.argument, c.name || '() folds by Unicode: compare by app_hidden.ascii_lower()'
  from calls c
  where not exists (select from tests.range_names r where r.name = regexp_replace(c.argument, '^.*\.|[()"]', '', 'g'))
    and c.argument !~* 'collate "?C"?'
  union
  select e.object || ': ' || m[1], 'compares without regard to case by Unicode: compare by app_hidden.ascii_lower()'
  from tests.app_expressions e
  cross join lateral regexp_matches(e.expression, '(!?~~?\*|\milike\M|\mcitext\M|\(\?i\))', 'gi') as m;
$$;
