-- What whoever becomes a patient accepts, in one word. FND-32.

create or replace function tests.terms(clinic text default null) returns uuid[]
language sql volatile security definer
as $$
  select array_agg(id) from app_public.clinic_terms(tests.clinic_id(terms.clinic));
$$;

comment on function tests.terms(text) is 'Every version that a clinic asks its patients to accept.';
