-- What a service hands out to choose or prepare: to guests and patients where the service is on offer, to staff in any case. CAT-02, FND-13.

set role app_engine;

create or replace function app_public.service_attachments(service_id uuid) returns setof app_public.public_attachment
language sql stable strict security definer
set search_path = ''
begin atomic
  select files.id, files.filename, files.content_type, files.size_bytes, files.organization_id, files.object_key
  from app_public.files
  join app_public.services on services.organization_id = files.organization_id and services.id = files.service_id
  join app_public.organizations on organizations.id = services.organization_id
  where files.service_id = service_attachments.service_id
    and files.surface = 'service_attachments'
    and files.status = 'confirmed'
    and files.deleted_at is null
    and services.deleted_at is null
    and organizations.deleted_at is null
    and (services.is_active and organizations.activated_at is not null
         or services.organization_id = any (app_hidden.current_staff_organization_ids()))
  order by files.filename, files.id;
end;

comment on function app_public.service_attachments is
  'The files of a service: leaflets, pictures. For visitors and patients, while the clinic offers it.';
grant execute on function app_public.service_attachments to app_anonymous, app_member;

reset role;
