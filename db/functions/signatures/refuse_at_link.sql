-- The person does not want to sign: the link or kiosk is over, the form stays as it is, and every purpose is answered with no.
-- CNS-05..07.

set role app_engine;

create or replace function app_hidden.refuse_at_link(reason text default null) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
begin
  perform app_private.refuse_form(v_link.form_id, v_link.id, null, v_link.caregiver_id, refuse_at_link.reason);
end;
$$;

comment on function app_hidden.refuse_at_link is 'Records that the form of this link or kiosk was refused, and ends it.';
grant execute on function app_hidden.refuse_at_link to app_link;

reset role;
