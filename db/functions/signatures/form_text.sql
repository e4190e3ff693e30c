-- The text of a form as it is signed, with its hash, for whoever sees the form. CNS-04, CNS-07.

set role app_engine;

create or replace function app_public.form_text(form_id uuid, locale text default null) returns app_public.text_to_sign
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(form_text.form_id);
  v_locale constant text := coalesce(form_text.locale, v_form.locale);
  v_text constant text := app_private.shown_text(v_form, v_locale);
begin
  return row(v_form.id, v_locale, v_text, app_private.hex_digest(v_text),
             app_private.words_in(v_form.snapshot -> 'intent', v_locale))::app_public.text_to_sign;
end;
$$;

comment on function app_public.form_text is
  'The text that whoever signs the form signs, in one language, and its hash for signForm. NOT_FOUND for a form that one does not see.';
grant execute on function app_public.form_text to app_member;

reset role;
