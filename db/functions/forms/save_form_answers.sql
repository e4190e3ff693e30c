-- The patient, a caregiver or staff save what is answered so far. FRM-04.

set role app_engine;

create or replace function app_public.save_form_answers(form_id uuid, answers jsonb) returns app_public.forms
language sql volatile strict security definer
set search_path = ''
return app_private.answer_form(app_private.own_form(form_id, 'in_progress'), answers);

comment on function app_public.save_form_answers is
  E'@arg answers By the key of each field; null takes an answer away.\n'
  'Saves answers beside those that are there, by the key of each field; null takes one away. For the patient, a caregiver, or '
  'staff with forms.fill. VALIDATION answers_not_valid says what is wrong where; IMMUTABLE once it is complete.';
grant execute on function app_public.save_form_answers to app_member;

reset role;
