-- Which specialties may be linked: the platform's and the clinic's own. The constraint on specialty_scope_id
-- holds it; this only fills it in. As the caller: what they may not see answers as what does not exist. SPC-03, FND-06.

create or replace function app_private.tg_specialist_specialties__scope() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select coalesce(specialties.organization_id, '00000000-0000-0000-0000-000000000000') into new.specialty_scope_id
  from app_public.specialties
  where specialties.id = new.specialty_id
    and (specialties.organization_id is null or specialties.organization_id = new.organization_id);
  if not found then
    perform app_hidden.refuse('VALIDATION', 'specialty_not_found', '{"field": "specialtyId"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_specialist_specialties__scope is 'Fills specialty_scope_id. Trigger _150_scope.';
