-- Staff take a link back before it was used: whoever opens it then is told so. CNS-06, FND-31.

set role app_engine;

create or replace function app_public.revoke_signature_link(form_id uuid) returns app_public.signature_links
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  return app_private.take_back_link(revoke_signature_link.form_id, 'link');
end;
$$;

comment on function app_public.revoke_signature_link is
  'Takes back the link by which a form was to be signed. Needs forms.fill; STATE nothing_to_revoke where none is open.';
grant execute on function app_public.revoke_signature_link to app_member;

reset role;
