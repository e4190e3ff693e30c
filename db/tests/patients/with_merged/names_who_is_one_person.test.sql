-- Test: with_merged - a profile with those that were merged into it, over as many merges as there were. FND-34.
begin;
select plan(5);
select tests.clinic('atlas');
select tests.patient(p, account => false) from unnest('{kept,first,second,undone,another,of another}'::text[]) p;
insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved, undone_at, undo_reason)
select tests.id('atlas'), tests.id(kept), tests.id(merged), 'One person', '{}', case when is_undone then now() end, case when is_undone then 'Two people' end
from (values ('kept', 'first', false), ('first', 'second', false), ('kept', 'undone', true), ('another', 'of another', false)) as t (kept, merged, is_undone);
create function pg_temp.persons(variadic profiles text[]) returns text[] language sql as $$
  select array_agg(n.name order by n.name) from unnest(app_private.with_merged(array(select tests.id(p) from unnest(profiles) p))) one join tests.names n on n.id = one;
$$;
select is(pg_temp.persons('kept'), '{first,kept,second}', 'also who was merged into a duplicate before');
select is(pg_temp.persons('first'), '{first,second}', 'not the one who was kept');
select is(pg_temp.persons('undone'), '{undone}', 'nor whose merge was undone');
select is(pg_temp.persons('kept', 'another'), '{another,first,kept,"of another",second}', 'of several');
select is(app_private.with_merged('{}'), '{}', 'of nobody');
select * from finish();
rollback;
