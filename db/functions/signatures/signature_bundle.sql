-- Everything that a stranger needs to verify a signed form without us: the exact texts and bytes that were hashed, and the
-- chain of events. Staff who take it are on record. CNS-07, FND-08.

set role app_engine;

create or replace function app_hidden.signature_bundle(form_id uuid) returns jsonb
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(signature_bundle.form_id);
begin
  if v_form.status <> 'signed' then
    perform app_hidden.refuse('STATE', 'not_signed');
  end if;
  if v_form.patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform audit.record_read(
      v_form.organization_id, 'app_public.forms', v_form.id::text, 'proof', v_form.patient_profile_id);
  end if;
  return (
    select jsonb_build_object(
      'format', 'restartix-signature-1',
      'proofHash', form_signatures.proof_sha256,
      'proof', kept.proof,
      'content', kept.content,
      'text', kept.shown,
      'answers', kept.answers,
      'image', replace(encode(kept.image, 'base64'), E'\n', ''),
      'path', kept.path,
      'events', (
        select jsonb_agg(signature_events.body order by signature_events.position)
        from app_public.signature_events
        where signature_events.organization_id = v_form.organization_id and signature_events.form_id = v_form.id))
    from app_public.form_signatures
    join app_private.signature_documents as kept
      on kept.organization_id = form_signatures.organization_id and kept.form_id = form_signatures.form_id
    where form_signatures.organization_id = v_form.organization_id and form_signatures.form_id = v_form.id);
end;
$$;

comment on function app_hidden.signature_bundle is
  'The proof of a signed form with every text that it names by hash. STATE not_signed; NOT_FOUND for a form that one does not see.';
grant execute on function app_hidden.signature_bundle to app_member;

reset role;
