-- The form behind a link or kiosk, as its page shows it. Who reads it is app_link, whose policy lets it see this one form and
-- no other; what the reading leaves behind is written by a step of the engine. CNS-05, CNS-06.

create or replace function app_hidden.form_to_sign(locale text default null) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  select app_hidden.require_identified();
  select jsonb_build_object(
    'formId', forms.id,
    'snapshot', forms.snapshot,
    'answers', forms.answers,
    'prefill', forms.prefill)
    || app_hidden.words_to_sign(coalesce(form_to_sign.locale, forms.locale))
  from app_public.forms;
end;

comment on function app_hidden.form_to_sign is 'The form of this link or kiosk with its text in one language, to be shown and signed.';
grant execute on function app_hidden.form_to_sign to app_link;
