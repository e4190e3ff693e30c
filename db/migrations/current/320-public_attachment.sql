-- A file of a service as visitors meet it. CAT-02.

drop function if exists app_public.service_attachments(uuid);
drop type if exists app_public.public_attachment;
create type app_public.public_attachment as (
  id uuid, filename text, content_type text, size_bytes bigint, organization_id uuid, object_key text
);
comment on type app_public.public_attachment is 'A file of a service as visitors meet it: a leaflet, a picture.';
comment on column app_public.public_attachment.organization_id is '@behavior -*';
comment on column app_public.public_attachment.object_key is '@behavior -*';
