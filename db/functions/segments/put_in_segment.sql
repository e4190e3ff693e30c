-- Patients are put into a list and taken out, by staff and by automations. SEG-01, AUT-02.

create or replace function app_private.put_in_segment(organization_id uuid, segment_id uuid, patient_id uuid, is_in boolean) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_stay app_public.segment_members;
  v_profile_id uuid;
begin
  -- For share: a list that is being removed is waited for.
  select segments.* into v_segment
  from app_public.segments
  where segments.organization_id = put_in_segment.organization_id and segments.id = put_in_segment.segment_id
    and segments.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  elsif v_segment.kind <> 'list' then
    perform app_hidden.refuse('VALIDATION', 'segment_is_not_a_list', '{"field": "segmentId"}');
  end if;
  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = put_in_segment.organization_id and patients.id = put_in_segment.patient_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;

  if is_in then
    insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
    values (put_in_segment.organization_id, put_in_segment.segment_id, put_in_segment.patient_id, v_profile_id, app_hidden.now())
    on conflict do nothing
    returning * into v_stay;
  else
    update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
    where segment_members.organization_id = put_in_segment.organization_id
      and segment_members.segment_id = put_in_segment.segment_id
      and segment_members.patient_id = put_in_segment.patient_id
      and segment_members.left_at is null
    returning * into v_stay;
  end if;
  if v_stay.id is null then
    return false;
  end if;
  perform app_private.publish_stays(array[v_stay]);
  return true;
end;
$$;

comment on function app_private.put_in_segment is
  'Puts a patient into a list, or takes them out; whether anything changed. NOT_FOUND segment_not_found, patient_not_found; VALIDATION '
  'segment_is_not_a_list.';
grant execute on function app_private.put_in_segment to app_engine;

set role app_engine;

create or replace function app_public.add_to_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, add_to_segment.patient_id, true);
  select segment_members.* into strict v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = add_to_segment.patient_id and segment_members.left_at is null;
  return v_stay;
end;
$$;

comment on function app_public.add_to_segment is
  'Puts a patient into a list; once is enough. Needs segments.manage; NOT_FOUND patient_not_found, VALIDATION segment_is_not_a_list.';
grant execute on function app_public.add_to_segment to app_member;

create or replace function app_public.remove_from_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, remove_from_segment.patient_id, false);
  select segment_members.* into v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = remove_from_segment.patient_id
  order by segment_members.entered_at desc, segment_members.id desc
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_in_segment');
  end if;
  return v_stay;
end;
$$;

comment on function app_public.remove_from_segment is
  'Takes a patient out of a list; asked again, it says when they left. Needs segments.manage; NOT_FOUND patient_not_found, '
  'not_in_segment; VALIDATION segment_is_not_a_list.';
grant execute on function app_public.remove_from_segment to app_member;

reset role;
