-- The worker looks at whom changes have marked: one clinic in one transaction, and one worker at a time there. SEG-03, SEG-04.
-- Marks are taken before the rules are asked, and each statement sees what was committed before it: so whoever writes in between
-- has left a mark that is still there afterwards. Whoever enters or leaves marks the segments that name this one. A segment is
-- looked at after all that it names, so that nobody enters and leaves for a moment because half of a change was seen.

set role app_engine;

create or replace function app_private.refresh_segments(organization_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  -- Whoever writes a rule meanwhile waits, so a transaction ends when so many patients were looked at; everybody counts as many.
  v_at_once constant int := 20000;
  v_looked int := 0;
  v_level record;
  v_whole uuid[];
  v_alike record;
begin
  perform app_private.lock_segments(refresh_segments.organization_id);
  for v_level in
    select array_agg(ordered.id order by ordered.id) as ids
    from app_private.segments_in_order(refresh_segments.organization_id) as ordered
    group by ordered.depth
    order by ordered.depth
  loop
    loop
      v_whole := array(
        select distinct marks.segment_id
        from app_private.segment_marks as marks
        where marks.organization_id = refresh_segments.organization_id and marks.segment_id = any (v_level.ids)
          and marks.patient_id is null
        order by marks.segment_id
        limit 20);
      -- Those that are marked for the same patients, because of the same event, are looked at together.
      for v_alike in
        with taken as (
          delete from app_private.segment_marks as marks
          where marks.organization_id = refresh_segments.organization_id
            and marks.segment_id = any (case when cardinality(v_whole) > 0 then v_whole else v_level.ids end)
          returning marks.segment_id, case when marks.segment_id <> all (v_whole) then marks.patient_id end as patient_id,
            case when marks.segment_id <> all (v_whole) then marks.cause_id::text end as cause_id
        ), pairs as (
          select taken.segment_id, taken.patient_id, max(taken.cause_id) as cause_id
          from taken
          group by taken.segment_id, taken.patient_id
        ), marked as (
          select pairs.segment_id, pairs.cause_id, array_agg(pairs.patient_id order by pairs.patient_id) as patient_ids
          from pairs
          group by pairs.segment_id, pairs.cause_id
        )
        select marked.cause_id, nullif(marked.patient_ids, '{null}') as patient_ids,
          array_agg(marked.segment_id order by marked.segment_id) as segment_ids
        from marked
        group by marked.cause_id, marked.patient_ids
      loop
        perform set_config('app.cause_event_id', coalesce(v_alike.cause_id, ''), true);
        perform app_private.refresh_members(refresh_segments.organization_id, v_alike.segment_ids, v_alike.patient_ids);
        v_looked := v_looked + coalesce(cardinality(v_alike.patient_ids), v_at_once);
      end loop;
      perform set_config('app.cause_event_id', '', true);
      if v_looked >= v_at_once then
        return exists (select from app_private.segment_marks as marks where marks.organization_id = refresh_segments.organization_id);
      end if;
      exit when cardinality(v_whole) = 0;
    end loop;
  end loop;
  return false;
end;
$$;

comment on function app_private.refresh_segments is
  'Looks at those marked in a clinic, some twenty thousand at once; whether somebody is left to be looked at.';
grant execute on function app_private.refresh_segments to app_worker;

reset role;

/* The segments of a clinic, each deeper than those that it names; no rule leads back to itself, so that ends. */
create or replace function app_private.segments_in_order(organization_id uuid) returns table (id uuid, depth int)
language sql stable
set search_path = ''
as $$
  with recursive named as (
    select segments.id, 0 as depth
    from app_public.segments
    where segments.organization_id = segments_in_order.organization_id and segments.deleted_at is null
    union
    select dependency.segment_id, named.depth + 1
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = segments_in_order.organization_id and dependency.code = 'segment:' || named.id
  )
  select named.id, max(named.depth) from named group by named.id order by 2, 1
$$;

comment on function app_private.segments_in_order is 'The segments of a clinic with how deep they stand: each deeper than those that its rule names.';
grant execute on function app_private.segments_in_order to app_engine;
