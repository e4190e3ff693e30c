-- Test: tg_mark_former_patient - whom a row leaves is marked once, for the segments of the row's clinic that read it, and the worker is told. SEG-03.
begin;
select plan(6);
select tests.clinic('boreal'), tests.clinic('atlas');
select tests.patient('ana', account => false), tests.patient('ion', account => false), tests.patient('dan', account => false);
select tests.admitted(tests.id('boreal'), tests.id('ana'));
select tests.specialist('mara');
select tests.calendar('busy', '{mara}');
select tests.appointment('visit ' || n, 'ana', 'busy', 'mara', timestamptz '2027-03-02 10:00+00' + n * interval '1 day') from generate_series(1, 4) as n;
insert into app_public.segments (id, organization_id, name, kind, rule)
select tests.remember(segment, uuidv7()), tests.id(clinic), segment, 'rule', '{"all": []}'
from (values ('visits', 'atlas'), ('more visits', 'atlas'), ('ages', 'atlas'), ('theirs', 'boreal')) as given (segment, clinic);
delete from app_private.segment_dependencies;
insert into app_private.segment_dependencies (organization_id, code, segment_id) values
  (tests.id('atlas'), 'appointments', tests.id('visits')), (tests.id('atlas'), 'appointments', tests.id('more visits')),
  (tests.id('atlas'), 'profile', tests.id('ages')), (tests.id('boreal'), 'appointments', tests.id('theirs'));
create function pg_temp.mark(segment text, patient text) returns void language sql as $$
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  values (tests.id('atlas'), tests.id(segment), tests.id(patient || ' at atlas')) $$;
create function pg_temp.mark_elsewhere(segment text, patient text) returns void language plpgsql as $$
begin
  -- Its rows are of another number than this transaction's, as those of somebody else are.
  begin
    perform pg_temp.mark(segment, patient);
  exception when unique_violation then
    raise;
  end;
end $$;
create function pg_temp.jobs() returns int language sql as $$
  select count(*)::int from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where tasks.identifier = 'refresh_segments' $$;
create function pg_temp.marks() returns text language sql as $$
  select coalesce(string_agg(said.what, ', ' order by said.what), 'nobody')
  from (
    select concat_ws(' ', segments.name, case patients.patient_profile_id when tests.id('ana') then 'ana' when tests.id('ion') then 'ion' else 'dan' end,
      case patients.organization_id when tests.id('boreal') then 'at boreal' end, nullif(count(*), 1)) as what
    from app_private.segment_marks as marks
    join app_public.segments on segments.id = marks.segment_id
    left join app_public.patients on patients.id = marks.patient_id
    group by segments.name, patients.patient_profile_id, patients.organization_id) as said $$;
-- Nobody is marked before a change, and whom the row comes to is another trigger's.
create function pg_temp.forgets() returns void language sql as $$
  delete from app_private.segment_marks; delete from graphile_worker._private_jobs $$;
alter table app_public.appointments disable trigger _900_segments_appointments_update;
create function pg_temp.hands(visits text[], patient text) returns text language plpgsql as $$
begin
  update app_public.appointments set patient_profile_id = tests.id(patient) where id in (select tests.id(visit) from unnest(visits) as visit);
  return pg_temp.marks();
end $$;

select pg_temp.forgets();
select is(pg_temp.hands('{visit 1,visit 2}', 'ion'), 'more visits ana, visits ana', 'once for both rows, in the clinic of the rows, for what reads them');
select is(pg_temp.jobs() > 0, true, 'the worker is told');
select pg_temp.forgets();
select pg_temp.mark('ages', 'ana'), pg_temp.mark('visits', 'ion'), pg_temp.mark_elsewhere('more visits', 'ana');
select is(pg_temp.hands('{visit 3}', 'ion'), 'ages ana, more visits ana 2, visits ana, visits ion',
  'marks of another segment, of another patient and of another transaction do not count');
select pg_temp.forgets();
select is(pg_temp.hands('{visit 3}', 'ion'), 'nobody', 'who stays with the same patient leaves nobody');
delete from app_private.segment_dependencies where segment_id in (tests.id('visits'), tests.id('more visits'));
select is(pg_temp.hands('{visit 4}', 'dan'), 'nobody', 'where no segment reads it nobody is marked');
select is(pg_temp.jobs(), 0, 'and the worker is not told');
select * from finish();
rollback;
