-- What staff may know of a specialist beyond the listing; patients and guests are refused. SPC-02, SPC-05, SPC-06.
-- By id: a computed column would be handed the whole row, and members may not read all of it.

set role app_engine;

create or replace function app_public.specialist_details(specialist_id uuid) returns app_public.specialist_details
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = specialist_details.specialist_id and specialists.deleted_at is null;
  -- Of one who is not there the clinic is null: refused as another clinic's.
  perform app_private.require_permission(v_specialist.organization_id, 'specialists.view_org');
  return (
    v_specialist.human_id, v_specialist.registration_number, v_specialist.contact_email, v_specialist.contact_phone,
    v_specialist.scheduling_timezone
  )::app_public.specialist_details;
end;
$$;

comment on function app_public.specialist_details is
  'Account, contact and zone of a specialist: for staff with specialists.view_org. Others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.specialist_details to app_member;

reset role;
