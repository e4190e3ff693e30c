-- The same for whoever said who they are: at a kiosk staff did, by a link the person did, and this request carries the session
-- that they got for it. CNS-05, CNS-06.

create or replace function app_private.identified_link() returns app_public.signature_links
language plpgsql stable
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.link_at_door();
begin
  if v_link.kind = 'link' and (
    v_link.session_hash = decode(nullif(current_setting('app.link_session_hash', true), ''), 'hex')
    and v_link.session_ends_at > app_hidden.now()
  ) is not true then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_identified', jsonb_build_object('by', v_link.identify_by));
  end if;
  return v_link;
end;
$$;

comment on function app_private.identified_link is
  'The open link or kiosk of this request once the person is known; UNAUTHENTICATED not_identified before.';
grant execute on function app_private.identified_link to app_engine;
