-- Adds an event to the chain of a form. What it says is one text, which is hashed and kept as it is; the text holds the hash
-- of the event before, so that one that is dropped, moved or changed is found. Address and device of whoever causes it are
-- those that the server saw. CNS-07.

create or replace function app_private.record_signature_event(
  organization_id uuid,
  form_id uuid,
  event text,
  link_id uuid default null,
  details jsonb default '{}'
) returns app_public.signature_events
language plpgsql volatile
set search_path = ''
as $$
declare
  v_previous app_public.signature_events;
  v_event app_public.signature_events;
  v_body text;
begin
  -- Two at once come one after the other.
  perform pg_advisory_xact_lock(hashtextextended('signature events of ' || record_signature_event.form_id, 0));
  select signature_events.* into v_previous
  from app_public.signature_events
  where signature_events.organization_id = record_signature_event.organization_id
    and signature_events.form_id = record_signature_event.form_id
  order by signature_events.position desc
  limit 1;
  if v_previous.event = 'signed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', record_signature_event.form_id));
  end if;

  v_body := app_private.canonical_json(jsonb_strip_nulls(jsonb_build_object(
    'form', record_signature_event.form_id,
    'position', coalesce(v_previous.position, 0) + 1,
    'event', record_signature_event.event,
    'at', app_private.instant_text(app_hidden.now()),
    'link', record_signature_event.link_id,
    'by', app_hidden.current_principal_id(),
    'address', nullif(current_setting('app.ip', true), ''),
    'userAgent', nullif(current_setting('app.user_agent', true), ''),
    'previous', encode(coalesce(v_previous.hash, decode(repeat('00', 32), 'hex')), 'hex')
  ) || record_signature_event.details));
  insert into app_public.signature_events (organization_id, form_id, position, event, link_id, occurred_at, body, hash)
  values (record_signature_event.organization_id, record_signature_event.form_id, coalesce(v_previous.position, 0) + 1,
          record_signature_event.event, record_signature_event.link_id, app_hidden.now(), v_body,
          sha256(convert_to(v_body, 'UTF8')))
  returning * into v_event;
  return v_event;
end;
$$;

comment on function app_private.record_signature_event is
  'Adds an event to the chain of a form and answers it; IMMUTABLE once the form is signed.';
grant execute on function app_private.record_signature_event to app_engine;
