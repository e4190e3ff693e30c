-- Signs by a link or at a kiosk. The link is used up by one conditional update in the transaction that signs: of two at once
-- one signs, and a signature that is refused gives the link back. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.sign_at_link(
  answers jsonb,
  text_hash text,
  locale text,
  agreed boolean,
  typed_name text,
  image bytea,
  image_width int,
  image_height int,
  path text,
  width int,
  height int,
  location jsonb
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
  v_signature app_public.form_signatures;
begin
  update app_public.signature_links
  set status = 'used', ended_at = app_hidden.now(), sealed_token = null, session_hash = null, session_ends_at = null
  where signature_links.id = v_link.id and signature_links.status = 'open';
  if not found then
    -- Somebody was faster: what became of it is told like at the door.
    perform app_private.link_at_door();
  end if;
  v_signature := app_private.sign(
    v_link.form_id,
    row(case v_link.kind when 'link' then 'remote_link' else 'drawn_kiosk' end, v_link.signature, null, v_link.caregiver_id,
        v_link.id, coalesce(v_link.identify_by, 'staff'))::app_private.signer,
    sign_at_link.answers, sign_at_link.text_hash, sign_at_link.locale, sign_at_link.agreed, sign_at_link.typed_name,
    row(sign_at_link.image, image_width, image_height, sign_at_link.path, width, height)::app_private.drawing,
    sign_at_link.location);
  return jsonb_build_object('signedAt', v_signature.signed_at, 'proofHash', v_signature.proof_sha256);
end;
$$;

comment on function app_hidden.sign_at_link is 'Signs the form of this link or kiosk, which is used by it.';
grant execute on function app_hidden.sign_at_link to app_link;

reset role;
