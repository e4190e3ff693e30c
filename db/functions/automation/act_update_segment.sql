-- update_segment: puts the patient into a list of the clinic, or takes them out. AUT-02, SEG-01.

create or replace function app_private.act_update_segment(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_is_in boolean := coalesce((step.config ->> 'isIn')::boolean, true);
begin
  if app_private.put_in_segment(step.organization_id, (step.config ->> 'segmentId')::uuid, v_patient.id, v_is_in) then
    return app_private.acted('done', null, jsonb_build_object('segmentId', step.config ->> 'segmentId'));
  end if;
  return app_private.acted('skipped', case when v_is_in then 'in_segment_already' else 'not_in_segment' end);
end;
$$;

comment on function app_private.act_update_segment is 'Puts the patient into a list segment or takes them out of it.';
grant execute on function app_private.act_update_segment to app_engine;

create or replace function app_private.check_update_segment(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.segmentId', case when segments.id is null then 'segment_not_found' else 'segment_is_not_a_list' end, '{}'::jsonb
  from (select) as one
  left join app_public.segments
    on segments.organization_id = check_update_segment.organization_id
    and segments.id = (check_update_segment.config ->> 'segmentId')::uuid and segments.deleted_at is null
  where segments.kind is distinct from 'list';
end;

comment on function app_private.check_update_segment is 'A segment of this clinic whose members are put in, not found by a rule.';
grant execute on function app_private.check_update_segment to app_engine;
