-- Who is in a segment, and who was in it on a day of the clinic's calendar. SEG-01.

create or replace function app_public.segment_members_on(organization_id uuid, segment_id uuid, day date default null)
returns setof app_public.segment_members
language sql stable
set search_path = ''
as $$
  select stays.*
  from app_public.segment_members as stays
  join app_public.organizations on organizations.id = stays.organization_id
  where stays.organization_id = segment_members_on.organization_id
    and stays.segment_id = segment_members_on.segment_id
    and (
      case when day is null then stays.left_at is null
      else stays.entered_at < (day + 1)::timestamp at time zone organizations.timezone
        and (stays.left_at is null or stays.left_at > day::timestamp at time zone organizations.timezone)
      end)
  order by stays.entered_at, stays.id
$$;

comment on function app_public.segment_members_on is
  E'@arg day The day on the clinic''s clock; none: now.\n'
  'The stays of those who are in a segment now, or who were in it at any time of a day. Needs segments.view and patients.view.';
grant execute on function app_public.segment_members_on to app_member;

create or replace function app_public.segments_member_count(segment app_public.segments) returns int
language sql stable
set search_path = ''
as $$
  select count(*)::int
  from app_public.segment_members as stays
  where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
$$;

comment on function app_public.segments_member_count is 'How many are in it now, as far as the caller may see them.';
grant execute on function app_public.segments_member_count to app_member;

set role app_engine;

create or replace function app_public.explain_segment(segment_id uuid, patient_id uuid) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.view');
begin
  perform app_private.require_permission(v_segment.organization_id, 'patients.view');
  if not exists (
    select from app_public.patients
    where patients.organization_id = v_segment.organization_id and patients.id = explain_segment.patient_id and patients.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  elsif v_segment.kind = 'list' then
    return jsonb_build_object('list', true, 'holds', app_private.is_in_segment(v_segment.organization_id, v_segment.id, patient_id));
  end if;
  -- What somebody asks for by a rule may say more of a patient than they may read: their permissions are asked as for a rule of theirs.
  perform app_private.require_rule(v_segment.organization_id, v_segment.rule);
  return app_private.explain_rule(v_segment.organization_id, explain_segment.patient_id, v_segment.rule);
end;
$$;

comment on function app_public.explain_segment is
  E'@cost 20\n'
  'Why a patient is in a segment or is not: its rule with holds in each part, and what is there as actual; of a list only holds. '
  'Needs segments.view, patients.view, and what the fields of the rule need. NOT_FOUND segment_not_found, patient_not_found.';
grant execute on function app_public.explain_segment to app_member;

reset role;

create or replace function app_private.is_in_segment(organization_id uuid, segment_id uuid, patient_id uuid) returns boolean
language sql stable
set search_path = ''
return exists (
  select from app_public.segment_members as stays
  where stays.organization_id = is_in_segment.organization_id and stays.segment_id = is_in_segment.segment_id
    and stays.patient_id = is_in_segment.patient_id and stays.left_at is null);

comment on function app_private.is_in_segment is 'Whether a patient is in a segment now.';
grant execute on function app_private.is_in_segment to app_engine;
