-- Staff take the tablet back, or lock it: the form is shown there no more. CNS-05.

set role app_engine;

create or replace function app_public.end_kiosk(form_id uuid) returns app_public.signature_links
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  return app_private.take_back_link(end_kiosk.form_id, 'kiosk');
end;
$$;

comment on function app_public.end_kiosk is
  'Ends the kiosk on which a form is open. Needs forms.fill; STATE nothing_to_revoke where none is open.';
grant execute on function app_public.end_kiosk to app_member;

reset role;
