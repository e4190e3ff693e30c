-- The mails that were sent before messages had channels. FND-15.

do $$
begin
  if to_regclass('app_private.messages') is not null then
    insert into app_public.messages
      (id, organization_id, template_key, channel, route, rank, locale, template_version, recipient_name, recipient_email,
       address, data, event_id, calendar_uid, calendar_sequence, expires_at, status, reason, attempts, vendor_id, sent_at,
       created_at, updated_at)
    select id, organization_id, template_key, channel, 'letter', 1, locale, template_version, recipient_name, recipient_email,
      recipient_email, data, event_id, calendar_uid, calendar_sequence, created_at + interval '2 days', status, failed_reason,
      attempts, vendor_id, sent_at, created_at, updated_at
    from app_private.messages;
  end if;
end;
$$;
-- squawk-ignore ban-drop-table
drop table if exists app_private.messages;
delete from app_private.classified_tables where table_name = 'app_private.messages';
