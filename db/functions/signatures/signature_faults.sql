-- Whether a signature still proves what it proved: every stored text and image against the hashes in the proof, the proof
-- against the signature, the form against what was signed, and the chain of events from its first to its last. Each part that
-- fails is named. CNS-07. verifier/verify.mjs says the same of an exported bundle, and shares nothing with this.

create or replace function app_private.signature_faults(organization_id uuid, form_id uuid)
returns table (part text, problem text)
language plpgsql stable rows 1
set search_path = ''
as $$
declare
  v_signature app_public.form_signatures;
  v_kept app_private.signature_documents;
  v_form app_public.forms;
  v_proof jsonb;
begin
  select form_signatures.* into v_signature
  from app_public.form_signatures
  where form_signatures.organization_id = signature_faults.organization_id and form_signatures.form_id = signature_faults.form_id;
  select signature_documents.* into v_kept
  from app_private.signature_documents
  where signature_documents.organization_id = signature_faults.organization_id and signature_documents.form_id = signature_faults.form_id;
  select forms.* into v_form
  from app_public.forms
  where forms.organization_id = signature_faults.organization_id and forms.id = signature_faults.form_id;
  if v_signature.id is null or v_kept.form_id is null then
    return query values ('proof', 'it is missing');
    return;
  end if;
  if app_private.hex_digest(v_kept.proof) <> v_signature.proof_sha256 or v_kept.proof is not json object then
    return query values ('proof', 'it is not the one that the hash of the signature was made of');
    return;
  end if;
  v_proof := v_kept.proof::jsonb;

  return query
  select checked.part, checked.problem
  from (values
    ('content', 'the questions are not those that were signed',
     app_private.hex_digest(v_kept.content) = v_proof #>> '{content,sha256}' and v_form.snapshot = v_kept.content::jsonb),
    ('text', 'the text is not the one that was shown', app_private.hex_digest(v_kept.shown) = v_proof #>> '{text,sha256}'),
    ('answers', 'the answers are not those that were signed',
     app_private.hex_digest(v_kept.answers) = v_proof #>> '{answers,sha256}' and v_form.answers = v_kept.answers::jsonb),
    ('image', 'the image is not the one that was drawn',
     encode(sha256(v_kept.image), 'hex') is not distinct from v_proof #>> '{signature,image,sha256}'),
    ('path', 'the strokes are not those that were drawn',
     app_private.hex_digest(v_kept.path) is not distinct from v_proof #>> '{signature,path,sha256}'),
    ('proof', 'it is about another form', v_proof #>> '{form,id}' = v_form.id::text)
  ) as checked (part, problem, is_whole)
  where checked.is_whole is not true;

  return query
  select 'attachment ' || (signed.file ->> 'id'), 'the file is not the one that was signed'
  from jsonb_array_elements(v_proof -> 'attachments') as signed (file)
  where not exists (
    select from app_public.files
    where files.organization_id = v_form.organization_id and files.id::text = signed.file ->> 'id'
      and files.sha256 = signed.file ->> 'sha256');

  return query
  with chain as (
    select signature_events.position, signature_events.event, signature_events.body::jsonb as body,
           encode(sha256(convert_to(signature_events.body, 'UTF8')), 'hex') as hash
    from app_public.signature_events
    where signature_events.organization_id = v_form.organization_id and signature_events.form_id = v_form.id
  ), expected as (
    select generate_series(1, (v_proof #>> '{events,count}')::int + 1) as position
  ), linked as (
    select chain.*,
           coalesce(lag(chain.hash) over (order by chain.position), repeat('0', 64)) as before_hash
    from chain
  )
  select 'events', found.problem
  from (
    (select 1 as rank, 'missing: event ' || expected.position as problem
     from expected where not exists (select from chain where chain.position = expected.position) order by expected.position limit 1)
    union all
    (select 2, 'event ' || linked.position || ' says that it is event ' || (linked.body ->> 'position')
     from linked where linked.body ->> 'position' is distinct from linked.position::text
       or linked.body ->> 'event' is distinct from linked.event or linked.body ->> 'form' is distinct from v_form.id::text
     order by linked.position limit 1)
    union all
    (select 3, 'event ' || (linked.position - 1) || ' is not the one that event ' || linked.position || ' follows'
     from linked where linked.body ->> 'previous' is distinct from linked.before_hash order by linked.position limit 1)
    union all
    select 4, 'the events before the signature are not those that the proof was made with'
    where v_proof #>> '{events,head}' is distinct from coalesce(
      (select chain.hash from chain where chain.position = (v_proof #>> '{events,count}')::int), repeat('0', 64))
    union all
    select 5, 'the last event is not the signature of this proof'
    where not exists (
      select from chain
      where chain.position = (v_proof #>> '{events,count}')::int + 1
        and chain.event = 'signed' and chain.body ->> 'proofHash' = v_signature.proof_sha256)
  ) as found
  order by found.rank
  limit 1;
end;
$$;

comment on function app_private.signature_faults is 'What of a signature does not hold any more, by part; no row where all of it does.';
grant execute on function app_private.signature_faults to app_engine;
