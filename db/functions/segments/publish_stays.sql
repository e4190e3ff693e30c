-- What is said of who entered segments and who left them, thousands as soon as one. SEG-04, FND-14.
-- Whoever writes a stay has its row, so nobody says anything else of it meanwhile.

create or replace function app_private.publish_stays(stays app_public.segment_members[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_alike record;
begin
  for v_alike in
    select moved.organization_id, case when moved.left_at is null then 'segment.entered' else 'segment.left' end as name,
      array_agg(moved.id order by moved.id) as subject_ids,
      array_agg(jsonb_build_object(
        'segmentId', moved.segment_id, 'patientId', moved.patient_id, 'segmentVersion', segments.version) order by moved.id) as payloads
    from unnest(stays) as moved
    join app_public.segments on segments.organization_id = moved.organization_id and segments.id = moved.segment_id
    group by 1, 2
  loop
    perform app_private.publish_many(v_alike.name, v_alike.organization_id, v_alike.subject_ids, v_alike.payloads);
  end loop;
end;
$$;

comment on function app_private.publish_stays is 'Says of each stay that somebody entered the segment, or left it.';
grant execute on function app_private.publish_stays to app_engine;
