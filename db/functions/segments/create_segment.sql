-- A group of patients: whoever a rule holds for, or whoever is put in. SEG-01, SEG-02.

set role app_engine;

create or replace function app_public.create_segment(
  organization_id uuid,
  name text,
  rule jsonb default null,
  description text default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('create_segment', jsonb_build_array(organization_id, name, rule, description));
  v_segment app_public.segments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'segments.manage');
    return jsonb_populate_record(v_segment, v_remembered);
  end if;
  perform app_private.require_permission(organization_id, 'segments.manage');
  perform app_private.lock_segments(organization_id);
  if rule is not null then
    perform app_private.require_rule(organization_id, rule);
  end if;
  insert into app_public.segments (organization_id, name, description, kind, rule, created_by)
  values (create_segment.organization_id, create_segment.name, create_segment.description,
          case when create_segment.rule is null then 'list' else 'rule' end, create_segment.rule, app_private.current_actor_id())
  returning * into v_segment;
  if rule is not null then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, v_segment.created_by);
  end if;
  perform app_private.follow_rule(v_segment);
  perform app_private.remember('create_segment', to_jsonb(v_segment));
  return v_segment;
end;
$$;

comment on function app_public.create_segment is
  E'@arg rule Who is in it, as ruleBuilder describes; none: a list, into which patients are put.\n'
  'Makes a segment; its members are found by the worker, within seconds. Needs segments.manage; VALIDATION rule_not_valid with the '
  'path of all that is wrong.';
grant execute on function app_public.create_segment to app_member;

reset role;
