-- Staff with forms.view see which links and kiosks there were; nobody sees a token, a code or a session. Written by verbs
-- and by the doors of link and kiosk. CNS-05, CNS-06.

select app_private.classify('app_public.signature_links', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "kind", "status", "ended_because", "signature", "identify_by", "session_ends_at",
                    "failures", "device", "created_by", "expires_at", "ended_at", "created_at", "updated_at"],
    "phi": ["form_id", "caregiver_id"],
    "auth_secret": ["token_hash", "sealed_token", "code_hash", "session_hash"]}',
  protected => '{"digest": ["token_hash", "code_hash", "session_hash"], "ciphertext": ["sealed_token"]}');
select app_private.protect('app_public.signature_links', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, form_id, kind, status, ended_because, signature, identify_by, caregiver_id, failures, device,
              created_by, expires_at, ended_at, created_at, updated_at)
   on app_public.signature_links to app_member;

create policy signature_links_select_staff on app_public.signature_links for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]));

create or replace trigger _300_key_in_use before insert or update of sealed_token on app_public.signature_links
  for each row execute function app_private.tg_ciphertext__key_in_use('sealed_token');
