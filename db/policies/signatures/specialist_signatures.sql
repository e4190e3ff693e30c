-- Staff see the signatures of their colleagues; patients and guests never do. Written by set_specialist_signature alone, and
-- never again, so that a document keeps the one that it was made with. SPC-04, SPC-05.

select app_private.classify('app_public.specialist_signatures', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "file_id", "created_by", "created_at"], "pii_basic": ["path"]}');
select app_private.protect('app_public.specialist_signatures', engine => 'select, insert');

grant select on app_public.specialist_signatures to app_member;

create policy specialist_signatures_select_staff on app_public.specialist_signatures for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.specialist_signatures
  for each statement execute function app_private.tg_frozen();
