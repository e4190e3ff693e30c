-- The patient, a caregiver or staff say that everything is answered. FRM-04.

set role app_engine;

create or replace function app_public.complete_form(form_id uuid, answers jsonb default null) returns app_public.forms
language sql volatile security definer
set search_path = ''
return app_private.complete(app_private.own_form(form_id, 'completed'), answers);

comment on function app_public.complete_form is
  E'@arg answers The last answers, by the key of each field; null where all were saved before.\n'
  'Completes a form, with the last answers where there are any. What is hidden is dropped, scores are computed, and profile '
  'fields are written back once, never over what is newer there. VALIDATION answers_not_valid says what is wrong or missing '
  'where; IMMUTABLE once it is complete.';
grant execute on function app_public.complete_form to app_member;

reset role;
