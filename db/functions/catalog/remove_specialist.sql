-- A specialist goes. Whoever still has appointments with them is counted in the refusal, or moves to a colleague. SPC-06.

set role app_engine;

create or replace function app_public.remove_specialist(
  specialist_id uuid,
  reassign_to uuid default null
) returns app_public.specialists
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
  v_count bigint;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = remove_specialist.specialist_id and specialists.deleted_at is null;
  -- Of one who is not there the clinic is null: refused as another clinic's.
  perform app_private.require_permission(v_specialist.organization_id, 'specialists.manage');

  -- Both at once and by id, so that two who hand over to each other do not wait in a circle. Bookings lock their
  -- specialist for share (require_specialist): those under way are waited for, later ones are refused.
  perform from app_public.specialists
  where specialists.organization_id = v_specialist.organization_id
    and specialists.id in (remove_specialist.specialist_id, remove_specialist.reassign_to)
  order by specialists.id
  for no key update;
  perform app_private.soft_delete('app_public.specialists', v_specialist.id);
  if reassign_to is not null and not exists (
    select from app_public.specialists
    where specialists.organization_id = v_specialist.organization_id
      and specialists.id = reassign_to
      and specialists.deleted_at is null
  ) then
    perform app_hidden.refuse('VALIDATION', 'colleague_not_found', '{"field": "reassignTo"}');
  end if;

  update app_public.specialists set scheduling_active = false
  where specialists.id = v_specialist.id
  returning * into v_specialist;

  select count(*) into v_count
  from app_private.bookings_to_come(v_specialist.organization_id) as booking
  where booking.specialist_id = v_specialist.id;

  if reassign_to is not null then
    perform app_private.reassign_specialist(v_specialist.organization_id, v_specialist.id, reassign_to);
  elsif v_count > 0 then
    perform app_hidden.refuse('CONFLICT', 'has_future_appointments', jsonb_build_object('count', v_count));
  end if;
  return v_specialist;
end;
$$;

comment on function app_public.remove_specialist is
  'Removes a specialist; restoreDeletedRow brings them back, inactive. With appointments to come: CONFLICT has_future_appointments with their count, or they go to reassignTo.';
grant execute on function app_public.remove_specialist to app_member;

reset role;
