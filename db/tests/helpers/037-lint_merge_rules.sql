-- The catalog lint, merging: every table that names a patient says what becomes of its rows when two are one person. FND-34.

-- By a key, whatever the column is called, or by the name, whether or not a key holds it.
create or replace view tests.patient_columns as
select distinct k.child as table_name, own as column_name
from tests.app_foreign_keys k cross join lateral unnest(k.columns, k.parent_columns) as pair (own, theirs)
where k.parent in ('app_public.patients', 'app_public.patient_profiles') and own <> 'organization_id'
union
select c.table_name, c.attname from tests.app_columns c
where c.attname in ('patient_id', 'patient_profile_id');

create or replace function tests.lint_merge_rules() returns table (object text, problem text)
language sql stable as $$
  select p.table_name || '.' || p.column_name, 'names a patient, and nothing says what a merge does with it: app_private.on_merge(…)'
  from tests.patient_columns p
  where not exists (
    select from app_private.merge_rules r where r.table_name = p.table_name and r.column_name = p.column_name)
  union all
  select r.table_name || '.' || r.column_name, wrong.problem
  from app_private.merge_rules r
  left join tests.app_columns c on c.table_name = r.table_name and c.attname = r.column_name
  cross join lateral (values
    (true, case when c.name is null then 'has a rule and does not exist' else app_private.merge_rule_problem(r.table_name, r.column_name, r.rule) end),
    (not exists (select from tests.patient_columns p where p.table_name = r.table_name and p.column_name = r.column_name),
     'has a rule and names no patient'),
    (r.rule in ('moves', 'follows') and c.name is not null
       and not (has_table_privilege('app_engine', c.table_oid, 'select') and has_column_privilege('app_engine', c.table_oid, c.attnum, 'update')),
     'goes with the patient, and app_engine may not select and update it'),
    -- Whoever moves one row from chart to chart moves what belongs to it.
    (r.rule = 'moves' and exists (
       select from tests.app_foreign_keys k
       join app_private.merge_rules leader on leader.table_name = k.parent and leader.rule = 'moves'
       where k.child = r.table_name and not r.column_name = any (k.columns)),
     'moves by itself, though its row belongs to one that names the patient: refer to both by one key with on update cascade, and say follows')
  ) as wrong (is_so, problem)
  where wrong.is_so and wrong.problem is not null;
$$;
