-- The picture of a drawn signature, where the trail of a consent shows how it was given. CNS-09.

set role app_engine;

create or replace function app_public.signature_image(form_id uuid) returns text
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(signature_image.form_id);
begin
  return (
    select replace(encode(signature_documents.image, 'base64'), E'\n', '')
    from app_private.signature_documents
    where signature_documents.organization_id = v_form.organization_id and signature_documents.form_id = v_form.id);
end;
$$;

comment on function app_public.signature_image is
  E'@nullable\nThe drawn signature of a form as PNG in base64; null where it is not signed or the name was typed. NOT_FOUND for a form that one does not see.';
grant execute on function app_public.signature_image to app_member;

reset role;
