-- Whether the proof of a signed form holds, for whoever sees the form. CNS-07.

set role app_engine;

create or replace function app_public.signature_verification(form_id uuid) returns app_public.signature_check
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(signature_verification.form_id);
  v_parts text[];
  v_problems text[];
begin
  if v_form.status <> 'signed' then
    perform app_hidden.refuse('STATE', 'not_signed');
  end if;
  select coalesce(array_agg(fault.part), '{}'), coalesce(array_agg(fault.problem), '{}') into v_parts, v_problems
  from app_private.signature_faults(v_form.organization_id, v_form.id) as fault;
  return row(
    v_form.id,
    (select form_signatures.proof_sha256 from app_public.form_signatures
     where form_signatures.organization_id = v_form.organization_id and form_signatures.form_id = v_form.id),
    cardinality(v_parts) = 0, v_parts, v_problems)::app_public.signature_check;
end;
$$;

comment on function app_public.signature_verification is
  'Verifies the proof of a signed form and names each part that fails. STATE not_signed; NOT_FOUND for a form that one does not see.';
grant execute on function app_public.signature_verification to app_member;

reset role;
