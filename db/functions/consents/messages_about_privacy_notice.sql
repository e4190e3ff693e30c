-- A clinic's privacy notice has new words: its patients who accepted earlier ones are told. FND-19, FND-15.

create or replace function app_private.messages_about_privacy_notice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  select array_agg(row(patients.patient_profile_id, null, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.patients
  where patients.organization_id = event.organization_id
    and patients.deleted_at is null
    and exists (
      select from app_public.consents
      where consents.organization_id = patients.organization_id
        and consents.patient_profile_id = patients.patient_profile_id
        and consents.purpose_code = 'privacy_notice'
        and consents.purpose_version_id <> event.subject_id
        and consents.decision = 'granted');
  perform app_private.notify_many(event.organization_id, 'privacy_notice_changed', v_recipients, event_id => event.id);
end;
$$;

comment on function app_private.messages_about_privacy_notice is
  'Queues what privacy_notice.published calls for: a note to each patient who accepted an earlier notice.';
grant execute on function app_private.messages_about_privacy_notice to app_engine;
