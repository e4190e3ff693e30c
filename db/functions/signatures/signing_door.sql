-- What the page of a link or kiosk is told first: whose form it is, and how to say who one is. Nothing is used up by asking,
-- since programs that look at mails ask, too. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.signing_door() returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.link_at_door();
begin
  if not exists (
    select from app_public.signature_events
    where signature_events.organization_id = v_link.organization_id and signature_events.link_id = v_link.id
      and signature_events.event = 'opened'
  ) then
    perform app_private.record_signature_event(v_link.organization_id, v_link.form_id, 'opened', v_link.id);
  end if;
  return (
    select jsonb_build_object(
      'kind', v_link.kind,
      'clinic', jsonb_build_object('name', organizations.name, 'slug', organizations.slug),
      'locale', forms.locale,
      'identify', case when v_link.identify_by is not null then
        jsonb_build_object('by', v_link.identify_by, 'attemptsLeft', 5 - v_link.failures) end,
      'expiresAt', v_link.expires_at)
    from app_public.forms
    join app_public.organizations on organizations.id = forms.organization_id
    where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id);
end;
$$;

comment on function app_hidden.signing_door is
  'What the holder of a link or kiosk may know before they are identified; records that it was opened.';
grant execute on function app_hidden.signing_door to app_link;

reset role;
