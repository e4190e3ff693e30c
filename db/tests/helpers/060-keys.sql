-- What the keys themselves promise, tried as the superuser: no policy and no trigger of ours stands in the way, so
-- what refuses is the constraint. FND-06, SCH-06.

-- Tries to point every row of atlas that refers to another table at a row of boreal. What is "accepted" is a hole.
create or replace function tests.crossing_links(only_table text default null) returns table (foreign_key text, outcome text)
language plpgsql volatile
as $$
declare
  v_key record;
  v_answer text;
begin
  for v_key in
    select fk.*, tests.primary_key_of(fk.conrelid) as child_key,
           -- What says whose row it is: organization_id, and what is generated from it.
           array(select a.attname::text from pg_catalog.pg_attribute a
                 where a.attrelid = fk.conrelid and (a.attname = 'organization_id' or a.attgenerated <> '')) as clinic
    from tests.app_foreign_keys fk
    join tests.tenant_tables child on child.oid = fk.conrelid
    join tests.tenant_tables parent on parent.oid = fk.confrelid
    where crossing_links.only_table is null or fk.child = crossing_links.only_table
    order by fk.name
  loop
    begin
      -- Only triggers of ours: the ones that check foreign keys are the system's and stay.
      execute format('alter table %s disable trigger user', v_key.child);
      execute format(
        $q$update %1$s as child set (%2$s) = row(%3$s)
           from %4$s as parent
           where child.organization_id = tests.id('atlas') and parent.organization_id = tests.id('boreal')
             and (%5$s) = (
               select %6$s from %1$s as one where one.organization_id = tests.id('atlas') limit 1)
             and (%7$s) = (
               select %8$s from %4$s as other where other.organization_id = tests.id('boreal') limit 1)$q$,
        v_key.child,
        (select string_agg(quote_ident(c), ', ') from unnest(v_key.columns) c where c <> all (v_key.clinic)),
        (select string_agg(format('parent.%I', theirs), ', ')
         from unnest(v_key.columns, v_key.parent_columns) as pair (own, theirs) where own <> all (v_key.clinic)),
        v_key.parent,
        (select string_agg(format('child.%I', c), ', ') from unnest(v_key.child_key) c),
        (select string_agg(format('one.%I', c), ', ') from unnest(v_key.child_key) c),
        (select string_agg(format('parent.%I', c), ', ') from unnest(tests.primary_key_of(v_key.confrelid)) c),
        (select string_agg(format('other.%I', c), ', ') from unnest(tests.primary_key_of(v_key.confrelid)) c));
      get diagnostics v_answer = row_count;
      set constraints all immediate;
      raise exception using errcode = 'RXTRY', message = case v_answer when '1' then 'accepted' else 'not tried' end;
    exception
      when sqlstate 'RXTRY' then
        v_answer := sqlerrm;
      when foreign_key_violation or check_violation then
        v_answer := 'refused';
      when unique_violation or exclusion_violation then
        v_answer := 'not tried: ' || sqlerrm;
    end;
    foreign_key := v_key.name;
    outcome := v_answer;
    return next;
  end loop;
end;
$$;

comment on function tests.crossing_links(text) is
  'For every foreign key between rows of clinics, or those of one table: can it cross? Needs tests.two_clinics().';

-- What can exist only once, as a sentence. Each area says its own in declared/<area>.sql: a unique index that is not there
-- is reported, and so is a key that no index holds. Primary keys and (organization_id, id) identify the row and need no sentence.
drop table if exists tests.declared_keys;
create table tests.declared_keys (
  table_name text not null,
  columns text not null,
  says text not null,
  primary key (table_name, columns)
);

-- Puts a copy of each row beside it, with every other key of the table taken away: what refuses then is this key.
create or replace function tests.keys_that_do_not_hold(only_tables text[] default null)
returns table (table_name text, columns text, says text)
language plpgsql volatile
as $$
declare
  v_key record;
  v_other text;
  v_row record;
  v_held boolean;
  v_columns text;
begin
  for v_key in
    select k.*, k.table_name::regclass as oid, tests.primary_key_of(k.table_name::regclass) as primary_key
    from tests.declared_keys k
    where only_tables is null or k.table_name = any (only_tables)
    order by k.table_name, k.columns
  loop
    v_held := false;
    begin
      execute format('alter table %s disable trigger user', v_key.table_name);
      for v_other in
        select case when con.oid is not null
                 then format('alter table %s drop constraint %I cascade', v_key.table_name, con.conname)
                 else format('drop index %s', i.name) end
        from tests.app_indexes i
        left join pg_catalog.pg_constraint con on con.conindid = i.name::regclass and con.contype in ('p', 'u', 'x')
        where i.indrelid = v_key.oid and (i.indisunique or i.indisexclusion)
          and array_to_string(i.columns, ', ') <> v_key.columns
      loop
        execute v_other;
      end loop;
      v_columns := (
        select string_agg(quote_ident(a.attname), ', ') from pg_catalog.pg_attribute a
        where a.attrelid = v_key.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '');
      for v_row in select r.key from tests.fixture_rows r where r.table_name = v_key.table_name loop
        begin
          execute format('insert into %1$s (%2$s) select %2$s from %1$s t where %3$s',
            v_key.table_name, v_columns, tests.t_is(v_key.table_name, v_key.primary_key, 1))
          using v_row.key;
        exception
          when unique_violation or exclusion_violation then
            v_held := true;
            exit;
        end;
      end loop;
      raise exception using errcode = 'RXTRY';
    exception
      when sqlstate 'RXTRY' then
        null;
    end;
    if not v_held then
      table_name := v_key.table_name;
      columns := v_key.columns;
      says := v_key.says;
      return next;
    end if;
  end loop;
end;
$$;

create or replace view tests.undeclared_keys as
select t.name as table_name, array_to_string(i.columns, ', ') as columns, i.name as index_name
from tests.app_indexes i
join tests.app_tables t on t.oid = i.indrelid
where (i.indisunique or i.indisexclusion) and not i.indisprimary and i.columns <> '{organization_id,id}'
  and not exists (
    select from tests.declared_keys k where k.table_name = t.name and k.columns = array_to_string(i.columns, ', ')
  );
