-- Each night every segment is held beside what its rule says of everybody. What differs is counted for the operators and marked, so
-- that it is mended as any change is. One statement compares, so what is written meanwhile is seen on both sides or on neither;
-- pairs that are marked or due differ rightly. SEG-03.

set role app_engine;

create or replace function app_private.check_segment(segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_rule app_private.compiled_rule;
  v_found int;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = check_segment.segment_id and segments.kind = 'rule' and segments.deleted_at is null
    and segments.filled_version = segments.version;
  if not found then
    return 0;
  end if;
  v_rule := app_private.compile_rule(v_segment.organization_id, v_segment.rule);
  execute 'with wanted as (' || v_rule.query || '), present as (
      select stays.patient_id from app_public.segment_members as stays
      where stays.organization_id = $1 and stays.segment_id = $5 and stays.left_at is null
    ), other as (
      select coalesce(wanted.id, present.patient_id) as patient_id
      from wanted full join present on present.patient_id = wanted.id
      where (wanted.id is null or present.patient_id is null)
        and not exists (
          select from app_private.segment_marks as marks
          where marks.organization_id = $1 and marks.segment_id = $5
            and (marks.patient_id is null or marks.patient_id = coalesce(wanted.id, present.patient_id)))
        and not exists (
          select from app_private.segment_rechecks as rechecks
          where rechecks.organization_id = $1 and rechecks.segment_id = $5
            and rechecks.patient_id = coalesce(wanted.id, present.patient_id) and rechecks.at <= app_hidden.now())
    ), marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select $1, $5, other.patient_id from other where $4::uuid is null
      returning patient_id
    )
    select count(*) from marked'
  into v_found
  using v_segment.organization_id, null::uuid[], v_rule.parameters, null::uuid, v_segment.id;
  if v_found > 0 then
    update app_public.segments set found_wrong = segments.found_wrong + v_found where segments.id = v_segment.id;
    perform app_private.queue_segments(array[v_segment.organization_id]);
  end if;
  return v_found;
end;
$$;

comment on function app_private.check_segment is
  'Holds the members of a segment beside its rule, and marks those who are wrongly in or out; how many they are.';
grant execute on function app_private.check_segment to app_worker;

create or replace function app_private.segments_to_check() returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select segments.id from app_public.segments where segments.kind = 'rule' and segments.deleted_at is null order by segments.id
$$;

comment on function app_private.segments_to_check is 'The segments of all clinics whose members a rule decides.';
grant execute on function app_private.segments_to_check to app_worker;

create or replace function app_private.segment_figures() returns table (figure text, value double precision)
language sql stable security definer
set search_path = ''
as $$
  select 'marks', count(*)::float8 from app_private.segment_marks
  union all
  select 'found_wrong', coalesce(sum(segments.found_wrong), 0)::float8 from app_public.segments
$$;

comment on function app_private.segment_figures is
  'For metrics: how many pairs wait to be looked at, and how many the nightly check ever found wrong.';
grant execute on function app_private.segment_figures to app_worker;

create or replace function app_private.rebuild_segment(organization_id uuid, segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.lock_segments(rebuild_segment.organization_id);
  if not exists (
    select from app_public.segments
    where segments.organization_id = rebuild_segment.organization_id and segments.id = rebuild_segment.segment_id
      and segments.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  return app_private.refresh_members(rebuild_segment.organization_id, array[rebuild_segment.segment_id], null);
end;
$$;

comment on function app_private.rebuild_segment is 'Looks at every patient of the clinic for one segment; how many entered or left.';
grant execute on function app_private.rebuild_segment to app_worker;

reset role;
