-- Whose form the link or kiosk of this request leads to: the server compares it with the digest in the token, so that a link
-- does not open a form that has become somebody else's meanwhile. CNS-06.

set role app_engine;

create or replace function app_hidden.link_patient_id() returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.link_at_door();
begin
  return (
    select forms.patient_id
    from app_public.forms
    where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id);
end;
$$;

comment on function app_hidden.link_patient_id is 'The patient of the form behind an open link or kiosk; GONE or NOT_FOUND otherwise.';
grant execute on function app_hidden.link_patient_id to app_link;

reset role;
