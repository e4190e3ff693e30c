-- A segment is called otherwise, or has another rule, which is its next version. SEG-01.

set role app_engine;

create or replace function app_public.edit_segment(
  segment_id uuid,
  name text default null,
  description text default null,
  rule jsonb default null,
  expected_revision int default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_is_other boolean;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select segments.* into v_segment
  from app_public.segments
  where segments.id = edit_segment.segment_id and segments.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  v_is_other := coalesce(rule <> v_segment.rule, rule is not null);
  if v_is_other then
    if v_segment.kind = 'list' then
      perform app_hidden.refuse('VALIDATION', 'segment_is_a_list', '{"field": "rule"}');
    end if;
    perform app_private.require_rule(v_segment.organization_id, rule);
    perform app_private.require_no_circle(v_segment, rule);
  end if;
  update app_public.segments
  set name = coalesce(edit_segment.name, segments.name),
      description = coalesce(edit_segment.description, segments.description),
      rule = case when v_is_other then edit_segment.rule else segments.rule end,
      version = segments.version + v_is_other::int,
      revision = coalesce(edit_segment.expected_revision, segments.revision)
  where segments.id = v_segment.id
  returning * into v_segment;
  if v_is_other then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, app_private.current_actor_id());
    perform app_private.follow_rule(v_segment);
  end if;
  return v_segment;
end;
$$;

comment on function app_public.edit_segment is
  E'@arg rule Another rule, as ruleBuilder describes; it is the next version, and members follow within seconds. None: it stays.\n'
  'Edits a segment; what is not given stays. Needs segments.manage; CONFLICT changed_meanwhile; VALIDATION rule_not_valid with the path of all that is wrong, '
  'segment_is_a_list, segment_names_itself.';
grant execute on function app_public.edit_segment to app_member;

reset role;

/* The segments that a rule reads, and what those read, may not come back to the one that it is of. */
create or replace function app_private.require_no_circle(segment app_public.segments, rule jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_named text[];
begin
  with recursive named as (
    select code
    from unnest((app_private.compile_rule((segment).organization_id, rule)).depends) as code
    where starts_with(code, 'segment:')
    union
    select dependency.code
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.segment_id = substr(named.code, 9)::uuid
    where starts_with(dependency.code, 'segment:')
  )
  select array_agg(code) into v_named from named;
  if 'segment:' || (segment).id = any (v_named) then
    perform app_hidden.refuse('VALIDATION', 'segment_names_itself', '{"field": "rule"}');
  end if;
end;
$$;

comment on function app_private.require_no_circle is 'VALIDATION segment_names_itself where a rule leads back to its own segment.';
grant execute on function app_private.require_no_circle to app_engine;
