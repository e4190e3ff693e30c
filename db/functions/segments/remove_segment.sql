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

/* Wherever in conditions and actions the id stands: in a part of the rule, beside event.segmentId, in a config of whatever depth. */
create or replace function app_private.names_segment(conditions jsonb, actions jsonb, segment_id uuid) returns boolean
language sql immutable
set search_path = ''
return position(names_segment.segment_id::text in app_hidden.ascii_lower(names_segment.conditions::text || names_segment.actions::text)) > 0;

comment on function app_private.names_segment is 'Whether conditions or actions of an automation name a segment.';
grant execute on function app_private.names_segment to app_engine;

/* Whoever saves an automation that names a segment and whoever removes the segment wait for each other: the later sees what the other did. */
create or replace function app_private.lock_named_segments(organization_id uuid, conditions jsonb, actions jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from app_public.segments
    where segments.organization_id = lock_named_segments.organization_id
      and app_private.names_segment(lock_named_segments.conditions, lock_named_segments.actions, segments.id)
  ) then
    perform app_private.lock_segments(lock_named_segments.organization_id);
  end if;
end;
$$;

comment on function app_private.lock_named_segments is 'Locks the segments of a clinic, where conditions or actions name one.';
grant execute on function app_private.lock_named_segments to app_engine;

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
  union all
  -- Whatever an automation may still do: by its present version, on or off, and by those of which an action waits.
  select 'automation', rules.id, rules.name
  from app_public.automation_rules as rules
  where rules.organization_id = who_names_segment.organization_id
    and exists (
      select from app_public.automation_rule_versions as versions
      where versions.organization_id = rules.organization_id and versions.automation_rule_id = rules.id
        and app_private.names_segment(versions.conditions, versions.actions, who_names_segment.segment_id)
        and (rules.removed_at is null and versions.version = rules.version or exists (
          select from app_public.automation_executions as waiting
          where waiting.organization_id = versions.organization_id and waiting.automation_rule_id = versions.automation_rule_id
            and waiting.automation_rule_version_id = versions.id and waiting.outcome = 'waiting')))
$$;

comment on function app_private.who_names_segment is 'What would not know any more who it is about, were the segment gone.';
grant execute on function app_private.who_names_segment to app_engine;
