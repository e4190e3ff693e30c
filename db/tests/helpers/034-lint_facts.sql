-- The catalog lint, one way in: telephone numbers, addresses and names are read by tg_read_facts, whoever writes them.

-- What a trigger _050_read_facts declares: "phone contact_phone" for each column.
create or replace view tests.read_facts as
select tg.tgrelid as table_oid, split_part(fact, ' ', 1) as kind, split_part(fact, ' ', 2) as attname
from pg_catalog.pg_trigger tg
join pg_catalog.pg_proc p on p.oid = tg.tgfoid and p.proname = 'tg_read_facts'
cross join lateral regexp_split_to_table(regexp_replace(encode(tg.tgargs, 'escape'), '\\000$', ''), '\\000') as fact
where tg.tgenabled = 'O';

create or replace function tests.lint_facts() returns table (object text, problem text)
language sql stable as $$
  with columns as (
    select c.*, case when c.attname ~ '(^|_)phone(_number)?$' then 'phone'
                     when c.attname ~ '(^|_)email(_address)?$' then 'email'
                     -- A type of a thing is a word of the clinic's.
                     when c.attname ~ '(^|_)(name|title|label|street|city)$|^type$' then 'name' end as kind
    from tests.app_columns c
    where c.typname in ('text', 'varchar', 'bpchar', 'citext')
      -- Rows that only migrations write are read by whoever reviews them.
      and exists (
        select from tests.app_tables t
        join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = c.attnum
        cross join lateral pg_catalog.aclexplode(t.relacl || a.attacl) acl
        where t.oid = c.table_oid and acl.privilege_type in ('INSERT', 'UPDATE') and acl.grantee <> t.relowner)
  )
  select columns.name, 'holds a ' || columns.kind || ' that _050_read_facts does not read: declare it there, or why not here'
  from columns
  where columns.kind is not null
    and not exists (
      select from tests.read_facts f
      where f.table_oid = columns.table_oid and f.attname = columns.attname and (f.kind = columns.kind or (columns.kind = 'name' and f.kind = 'person')))
    -- A key, a slug or a word of a list is no name.
    and not exists (
      select from pg_catalog.pg_constraint k
      where k.conrelid = columns.table_oid and k.conkey = array[columns.attnum]
        and (k.contype in ('f', 'p') or k.conname ~ '_(is_a_slug|names_a_column|is_known|has_a_schema)$'))
  union all
  select t.name || '.' || f.attname, 'is declared to _050_read_facts and is no column, or of no kind it reads'
  from tests.read_facts f
  join tests.app_tables t on t.oid = f.table_oid
  where f.kind not in ('phone', 'email', 'name', 'person')
     or not exists (select from tests.app_columns c where c.table_oid = f.table_oid and c.attname = f.attname)
  union all
  -- A given or family name goes into mails: it holds no link.
  select t.name || '.' || f.attname, 'is the name of a person and declared as any name: declare it as person'
  from tests.read_facts f
  join tests.app_tables t on t.oid = f.table_oid
  where f.kind = 'name' and f.attname in ('given_name', 'family_name')
  union all
  -- The trigger must also fire for each of them.
  select t.name || '.' || f.attname, 'is declared to _050_read_facts, which does not fire when it is updated'
  from tests.read_facts f
  join tests.app_tables t on t.oid = f.table_oid
  join pg_catalog.pg_trigger tg on tg.tgrelid = f.table_oid and tg.tgname = '_050_read_facts'
  where not exists (
    select from pg_catalog.pg_attribute a
    where a.attrelid = f.table_oid and a.attname = f.attname and a.attnum = any (tg.tgattr::int2[]));
$$;

-- People read a constraint's name; one that bounds a length says so, and nothing else.
create or replace function tests.lint_one_rule() returns table (object text, problem text)
language sql stable as $$
  select t.name || ' (' || k.conname || ')', 'says not blank or one line, and bounds the length too: that is a constraint of its own'
  from pg_catalog.pg_constraint k join tests.app_tables t on t.oid = k.conrelid
  where k.contype = 'c' and k.conname ~ '_(is_not_blank|is_one_line)$'
    and pg_catalog.pg_get_constraintdef(k.oid) ~ 'length\([^=]*\) <=? [0-9]';
$$;
