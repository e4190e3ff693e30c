-- A clinic's own specialty goes once nobody practises it any more. FND-10, SPC-01.

set role app_engine;

create or replace function app_public.remove_specialty(specialty_id uuid) returns app_public.specialties
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_specialty app_public.specialties;
  v_count bigint;
begin
  perform app_private.soft_delete('app_public.specialties', specialty_id);
  select specialties.* into strict v_specialty from app_public.specialties where specialties.id = remove_specialty.specialty_id;
  select count(*) into v_count
  from app_public.specialist_specialties
  join app_public.specialists
    on specialists.organization_id = specialist_specialties.organization_id
   and specialists.id = specialist_specialties.specialist_id
   and specialists.deleted_at is null
  where specialist_specialties.organization_id = v_specialty.organization_id
    and specialist_specialties.specialty_id = v_specialty.id;
  if v_count > 0 then
    perform app_hidden.refuse('CONFLICT', 'is_practised', jsonb_build_object('count', v_count));
  end if;
  return v_specialty;
end;
$$;

comment on function app_public.remove_specialty is
  'Removes a clinic''s own specialty; restoreDeletedRow brings it back. Needs specialties.manage; CONFLICT is_practised '
  'with the count of specialists who do; NOT_FOUND for the platform''s.';
grant execute on function app_public.remove_specialty to app_member;

reset role;
