-- Somebody signs in the portal, with their name: the patient, or who cares for them. CNS-04, CNS-02.

set role app_engine;

create or replace function app_public.sign_form(
  form_id uuid,
  text_hash text,
  locale text,
  typed_name text,
  agreed boolean,
  answers jsonb default null
) returns app_public.form_signatures
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  return app_private.sign(
    sign_form.form_id, app_private.signer_in_portal(sign_form.form_id), sign_form.answers, sign_form.text_hash, sign_form.locale,
    sign_form.agreed, sign_form.typed_name);
end;
$$;

comment on function app_public.sign_form is
  E'@arg textHash The hash of the text that was shown, as formText answered it.\n'
  '@arg typedName The name of who signs, as they typed it.\n'
  '@arg agreed That they agree to sign by it.\n'
  '@arg answers The last answers, by the key of each field; null where all were saved before.\n'
  'Signs a form of one''s own, or of somebody one cares for, with the typed name. textHash is that of formText, in the language '
  'that was shown. VALIDATION for answers that are missing, a name that is none, or without agreed; CONFLICT text_is_another; '
  'STATE already_signed or signed_in_another_way; NOT_FOUND for a form of anybody else.';
grant execute on function app_public.sign_form to app_member;

reset role;
