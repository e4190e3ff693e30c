-- The catalog lint, homes: every row is where those it points at are, also after a clinic moved. SCA-01.

create or replace function tests.lint_homes() returns table (object text, problem text)
language sql stable as $$
  with homes as (
    select t.oid, t.name, k.home, k.retention, k.person_column,
           exists (
             select from tests.app_columns c
             where c.table_oid = t.oid and (c.attname in ('organization_id', 'scope_id') or t.name = 'app_public.organizations')
           ) as names_clinic
    from tests.app_tables t
    join app_private.classified_tables k on k.table_name = t.name
  ),
  keys as (
    select f.name, f.conrelid, child.home as child_home, parent.home as parent_home
    from tests.app_foreign_keys f
    join homes child on child.oid = f.conrelid
    join homes parent on parent.oid = f.confrelid
  )
  select h.name, wrong.problem
  from homes h
  cross join lateral (values
    (h.home = 'clinic' and not h.names_clinic
       and not exists (select from keys k where k.conrelid = h.oid and k.parent_home = 'clinic'),
     'moves with its clinic and names none: it has no organization_id, no scope_id and no key to a row that moves'),
    (h.home <> 'clinic' and h.names_clinic, 'names a clinic and is at home with ' || h.home),
    (h.home = 'person' and h.person_column is null
       and not exists (select from keys k where k.conrelid = h.oid and k.parent_home = 'person'),
     'is at home with a person and names none'),
    (h.home = 'platform' and h.retention <> 'reference', 'is the same everywhere and is no reference data'),
    (h.home <> 'platform' and h.retention = 'reference', 'is reference data and not at home on the platform')
  ) as wrong (is_so, problem)
  where wrong.is_so
  union all
  select k.name, 'points from ' || k.child_home || ' to ' || k.parent_home || ', whose row may be on another server'
  from keys k
  where k.parent_home <> all (
    case k.child_home
      when 'clinic' then '{clinic,person,platform}'::text[]
      when 'person' then '{person,platform}'
      when 'cell' then '{cell,platform}'
      else '{platform}'
    end);
$$;
