-- A segment goes while nothing names it; who was in it stays to be read by who asks for its id. SEG-01.

set role app_engine;

create or replace function app_public.remove_segment(segment_id uuid) returns app_public.segments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_names jsonb;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select jsonb_agg(jsonb_build_object('kind', named.kind, 'id', named.id, 'name', named.name) order by named.kind, named.name)
  into v_names
  from app_private.who_names_segment(v_segment.organization_id, v_segment.id) as named;
  if v_names is not null then
    perform app_hidden.refuse('CONFLICT', 'segment_is_named', jsonb_build_object('count', jsonb_array_length(v_names), 'by', v_names));
  end if;
  perform app_private.soft_delete('app_public.segments', v_segment.id);
  update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
  where segment_members.organization_id = v_segment.organization_id
    and segment_members.segment_id = v_segment.id and segment_members.left_at is null;
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_marks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_rechecks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  select segments.* into strict v_segment from app_public.segments where segments.id = v_segment.id;
  return v_segment;
end;
$$;

comment on function app_public.remove_segment is
  'Removes a segment. Needs segments.manage; CONFLICT segment_is_named with what names it.';
grant execute on function app_public.remove_segment to app_member;

reset role;

/* The one place that knows what may name a segment; whatever comes to name one joins here. */
create or replace function app_private.who_names_segment(organization_id uuid, segment_id uuid)
returns table (kind text, id uuid, name text)
language sql stable
set search_path = ''
as $$
  select 'segment', segments.id, segments.name
  from app_private.segment_dependencies as dependency
  join app_public.segments on segments.organization_id = dependency.organization_id and segments.id = dependency.segment_id
  where dependency.organization_id = who_names_segment.organization_id
    and dependency.code = 'segment:' || who_names_segment.segment_id
    and segments.deleted_at is null
$$;

comment on function app_private.who_names_segment is 'What would not know any more who it is about, were the segment gone.';
grant execute on function app_private.who_names_segment to app_engine;
