-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.

select app_private.classify('app_public.messages', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "integration_id", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "mailbox", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
select app_private.on_merge('app_public.messages', 'patient_profile_id', 'moves');
select app_private.protect('app_public.messages', engine => 'select, insert, update, delete', guard => true);
select app_private.retain('app_public.messages', 'correspondence', 'delete', kept_from => 'created_at', not_while => $sql$ status = 'queued' $sql$);

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

-- What the platform's staff are told of a clinic is none of its correspondence: it would say their addresses.
create policy messages_select_staff on app_public.messages for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('messages.view'))::uuid[])
    and template_key not in ('ai_price_missing', 'usage_conflict'));

create policy messages_select_person on app_public.messages for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[]));
