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
  -- Whoever writes a rule meanwhile waits, so a transaction ends after the segment in which so many were looked at.
  v_at_once constant int := 20000;
  v_looked int := 0;
  v_segment app_public.segments;
  v_patient_ids uuid[];
  v_is_everyone boolean;
begin
  perform app_private.lock_segments(refresh_segments.organization_id);
  for v_segment in select * from app_private.segments_in_order(refresh_segments.organization_id) loop
    with taken as (
      delete from app_private.segment_marks as marks
      where marks.organization_id = refresh_segments.organization_id and marks.segment_id = v_segment.id
      returning marks.patient_id
    )
    select bool_or(taken.patient_id is null), array_agg(distinct taken.patient_id)
    into v_is_everyone, v_patient_ids
    from taken;
    continue when v_is_everyone is null;
    perform app_private.refresh_segment(v_segment, case when not v_is_everyone then v_patient_ids end);
    v_looked := v_looked + case when v_is_everyone then v_at_once else cardinality(v_patient_ids) end;
    if v_looked >= v_at_once then
      return exists (select from app_private.segment_marks as marks where marks.organization_id = refresh_segments.organization_id);
    end if;
  end loop;
  return false;
end;
$$;

comment on function app_private.refresh_segments is
  'Looks at those marked in a clinic, some twenty thousand at once; whether somebody is left to be looked at.';
grant execute on function app_private.refresh_segments to app_worker;

reset role;

/* The segments of a clinic, each after those that it names; no rule leads back to itself, so that ends. */
create or replace function app_private.segments_in_order(organization_id uuid) returns setof app_public.segments
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
  select segments.*
  from (select named.id, max(named.depth) as depth from named group by named.id) as deepest
  join app_public.segments on segments.organization_id = segments_in_order.organization_id and segments.id = deepest.id
  order by deepest.depth, segments.id
$$;

comment on function app_private.segments_in_order is 'The segments of a clinic, each after those that its rule names.';
grant execute on function app_private.segments_in_order to app_engine;

/* Members by the rule, of these patients or of all. What a change of somebody's rows or the passing of time does is an event; what an
   administrator did, by a new rule, is not: nobody is written to because somebody edits a segment. docs/decisions/0140. */
create or replace function app_private.refresh_segment(segment app_public.segments, patient_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_private.compiled_rule;
  v_in uuid[];
  v_now constant timestamptz := app_hidden.now();
  v_is_told constant boolean := (segment).filled_version is not distinct from (segment).version;
  v_moved int;
begin
  if (segment).kind = 'list' then
    v_in := array(
      select stays.patient_id
      from app_public.segment_members as stays
      join app_public.patients on patients.organization_id = stays.organization_id and patients.id = stays.patient_id
      where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
        and patients.deleted_at is null and (patient_ids is null or stays.patient_id = any (patient_ids)));
  else
    v_rule := app_private.compile_rule((segment).organization_id, (segment).rule);
    execute 'select array(' || v_rule.query || ')' into v_in
    using (segment).organization_id, patient_ids, v_rule.parameters, null::uuid;
  end if;

  with gone as (
    update app_public.segment_members as stays set left_at = greatest(v_now, stays.entered_at)
    where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
      and (patient_ids is null or stays.patient_id = any (patient_ids))
      and not exists (select from unnest(v_in) as member (id) where member.id = stays.patient_id)
    returning stays.*
  ), come as (
    insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
    select (segment).organization_id, (segment).id, patients.id, patients.patient_profile_id, v_now
    from unnest(v_in) as member (id)
    join app_public.patients on patients.organization_id = (segment).organization_id and patients.id = member.id
    where not exists (
      select from app_public.segment_members as stays
      where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id
        and stays.patient_id = member.id and stays.left_at is null)
    on conflict do nothing
    returning segment_members.*
  ), moved as (
    select gone.* from gone
    union all
    select come.* from come
  )
  select count(case when v_is_told then app_private.publish_stay(moved::app_public.segment_members, (segment).version) end)
    filter (where v_is_told) + count(*) filter (where not v_is_told)
  into v_moved
  from moved;

  if (segment).kind = 'rule' then
    delete from app_private.segment_rechecks as kept
    where kept.organization_id = (segment).organization_id and kept.segment_id = (segment).id
      and (patient_ids is null or kept.patient_id = any (patient_ids));
    execute 'insert into app_private.segment_rechecks (organization_id, segment_id, patient_id, at) select $1, $5, turning.* from ('
      || v_rule.recheck || ') as turning where $4::uuid is null'
    using (segment).organization_id, patient_ids, v_rule.parameters, null::uuid, (segment).id;
  end if;
  if not v_is_told and patient_ids is null then
    update app_public.segments set filled_version = (segment).version where segments.id = (segment).id;
  end if;
  return v_moved;
end;
$$;

comment on function app_private.refresh_segment is 'Has these patients, or all, in a segment or not, as its rule says now; how many entered or left.';
grant execute on function app_private.refresh_segment to app_engine;
