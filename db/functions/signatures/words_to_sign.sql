-- What the page of a link or kiosk shows beside the fields: the purposes, the sentence of intent, and the hash of the whole text,
-- which it sends back with the signature. That the form was shown is an event, once for each time that somebody was
-- identified. CNS-06, CNS-07.

set role app_engine;

create or replace function app_hidden.words_to_sign(locale text) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
  v_form app_public.forms;
begin
  select forms.* into strict v_form
  from app_public.forms
  where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id;
  if (
    select signature_events.event
    from app_public.signature_events
    where signature_events.organization_id = v_link.organization_id and signature_events.form_id = v_link.form_id
      and signature_events.link_id = v_link.id and signature_events.event in ('viewed', 'identified')
    order by signature_events.position desc
    limit 1
  ) is distinct from 'viewed' then
    perform app_private.record_signature_event(
      v_link.organization_id, v_link.form_id, 'viewed', v_link.id, jsonb_build_object('locale', words_to_sign.locale));
  end if;
  return jsonb_build_object(
    'locale', words_to_sign.locale,
    'title', app_private.words_in(v_form.snapshot -> 'title', words_to_sign.locale),
    'intent', app_private.words_in(v_form.snapshot -> 'intent', words_to_sign.locale),
    'signature', v_link.signature,
    'textHash', app_private.hex_digest(app_private.shown_text(v_form, words_to_sign.locale)),
    'purposes', coalesce(
      (select jsonb_agg(jsonb_build_object('code', purpose.code, 'version', purpose.version, 'title', purpose.title, 'body', purpose.body)
                        order by purpose.code)
       from app_private.purposes_of_form(v_form, words_to_sign.locale) as purpose), '[]'));
end;
$$;

comment on function app_hidden.words_to_sign is 'What is shown beside the fields of the form of this link or kiosk; records that it was shown.';
grant execute on function app_hidden.words_to_sign to app_link;

reset role;
