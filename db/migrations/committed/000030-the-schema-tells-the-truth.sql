--! Previous: sha1:7e88082859932ffc2a57ab8d7c0a84b7a880af4e
--! Hash: sha1:fa588c9a8486df0570abcca516e1d655189915a8
--! Message: the schema tells the truth

--! split: 300-the-contract.sql
-- The older name of invite_member goes before anybody calls it: breaking the contract is free now, once.
-- retired: functions/identity/add_member.sql
drop function if exists app_public.add_member(uuid, text, text, uuid[]);

-- What the API adds to tables: sums where somebody asks for them, and a name that is not a scalar's.
comment on table app_public.appointments is E'@behavior +resource:aggregates\nA patient''s time with a specialist.';
comment on table app_public.time_zones is E'@name known_time_zones\nIANA time zones that clinics, calendars and specialists may use.';

-- Whose clinic it is, another argument says already; the trigger _010_clinic reads it there.
comment on column app_public.calendar_hours.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.calendar_specialists.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.calendars.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.service_specialists.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.specialist_schedule_overrides.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.specialist_specialties.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';
comment on column app_public.specialist_weekly_hours.organization_id is E'@behavior -attribute:insert\nThe clinic that it belongs to.';

--! split: 310-what-may-be-null.sql
-- What of a composite type may be null, which a type cannot say of itself: everything else is always filled.

comment on column app_public.audit_values.old is
  E'@nullable\nColumns and their values before; null where there was no row, or what may be personal was erased.';
comment on column app_public.audit_values.new is
  E'@nullable\nColumns and their values after; null where there is no row, or what may be personal was erased.';
comment on column app_public.audit_values.ip is
  E'@nullable\nThe address it was done from; null when it was erased, or nobody outside did it.';
comment on column app_public.audit_values.user_agent is
  E'@nullable\nThe browser or program it was done with; null when it was erased, or nobody outside did it.';

comment on column app_public.booking_receipt.token is
  E'@nullable\nWhat opens the request again: bookingByToken, withdrawBookingRequest. Shown once, by requestBooking; null afterwards.';
comment on column app_public.booking_receipt.respond_by is
  E'@nullable\nUntil when the clinic answers; null when it has answered, or promises nothing.';

comment on column app_public.chart_appointment.cancellation_reason is
  E'@nullable\nWhy it was called off, where it was and somebody said why.';

comment on column app_public.chart_caregiver.ends_on is
  E'@nullable\nThe first day without it; null without an end.';

comment on column app_public.chart_reading.organization_id is
  E'@nullable\nThe clinic where it was read; null for the platform.';
comment on column app_public.chart_reading.organization_name is
  E'@nullable\nThe name of that clinic; null for the platform.';
comment on column app_public.chart_reading.reader_id is
  E'@nullable\nWho read; null when it was no person.';
comment on column app_public.chart_reading.reader_name is
  E'@nullable\nThe name of who read; null when it was no person, or the account is gone.';

comment on column app_public.dead_letter.key is
  E'@nullable\nOf jobs that are never twice in the queue: by what.';
comment on column app_public.dead_letter.last_error is
  E'@nullable\nWhat the last attempt failed with.';

comment on column app_public.deleted_row.organization_id is
  E'@nullable\nThe clinic it belongs to; null for a clinic itself.';

comment on column app_public.duplicates_page.continue_before is
  E'@nullable\nPass it as before to go on; null when every patient was looked at.';

comment on column app_public.hours_overlap.specialist_id is
  E'@nullable\nWhose hours they are; null for hours of a calendar as such.';
comment on column app_public.hours_overlap.calendar_id is
  E'@nullable\nThe calendar whose own hours they are; null for usual hours of a specialist.';

comment on column app_public.patient_chart.email is
  E'@nullable\nThe address of the person, if there is one.';
comment on column app_public.patient_chart.phone is
  E'@nullable\nThe number of the person, in E.164, if there is one.';
comment on column app_public.patient_chart.birth_date is
  E'@nullable\nThe birthday, if it is known.';

comment on column app_public.public_clinic.contact_email is
  E'@nullable\nWhere the clinic answers mail, if it says so.';
comment on column app_public.public_clinic.contact_phone is
  E'@nullable\nWhere the clinic answers calls, in E.164, if it says so.';
comment on column app_public.public_clinic.street is
  E'@nullable\nStreet and number, if the clinic says so.';
comment on column app_public.public_clinic.city is
  E'@nullable\nThe city, if the clinic says so.';

comment on column app_public.public_service.description is
  E'@nullable\nWhat happens in it, in the clinics own words.';

comment on column app_public.public_specialist.title is
  E'@nullable\nWhat stands before the name, such as Dr.';

comment on column app_public.received_invitation.clinic_city is
  E'@nullable\nThe city of the clinic, if it says so.';

comment on column app_public.slot.specialist_ends_at is
  E'@nullable\nWhere lengths differ from specialist to specialist: when each of specialistIds would end, in their order; else null.';

comment on column app_public.specialist_details.human_id is
  E'@nullable\nThe account that the specialist signs in with, if there is one.';
comment on column app_public.specialist_details.registration_number is
  E'@nullable\nThe number in the register of the profession.';
comment on column app_public.specialist_details.contact_email is
  E'@nullable\nWhere the specialist answers mail.';
comment on column app_public.specialist_details.contact_phone is
  E'@nullable\nWhere the specialist answers calls, in E.164.';
comment on column app_public.specialist_details.scheduling_timezone is
  E'@nullable\nThe zone of the usual hours, where it is not the clinics.';

--! split: 320-fixed-lists.sql
-- What each word of a fixed list means: the API shows these lists as enums, from the check and its comment.

comment on constraint organizations_tenancy_mode_is_built on app_public.organizations is
  E'shared: The clinic shares a server with others.';

comment on constraint organizations_locale_is_supported on app_public.organizations is
  E'ro: Romanian.\n'
   'en: English.';

comment on constraint principals_kind_is_known on app_public.principals is
  E'human: A person who signs in.\n'
   'service_account: A process that writes in its own name.';

comment on constraint caregivers_relationship_is_known on app_public.caregivers is
  E'parent: Mother or father.\n'
   'guardian: Appointed by law or a court.\n'
   'spouse: Husband or wife.\n'
   'child: A grown child.\n'
   'other: Somebody else whom the patient named.';

comment on constraint services_modality_is_known on app_public.services is
  E'in_person: At the clinic.\n'
   'video: By video call.\n'
   'phone: By telephone.';

comment on constraint specialist_schedule_overrides_kind_is_known on app_public.specialist_schedule_overrides is
  E'closed: Not there: the whole day, or between the times given.\n'
   'replace: Other hours instead of the usual ones.\n'
   'extra: More hours beside the usual ones.';

comment on constraint calendars_assignment_strategy_is_known on app_public.calendars is
  E'round_robin: The clinic assigns: whoever is free and had the fewest turns.\n'
   'priority: The clinic assigns: whoever is free in the first tier.\n'
   'specific: The visitor picks the specialist.';

comment on constraint booking_requests_status_is_known on app_public.booking_requests is
  E'requested: Waits for the clinic, and keeps its time.\n'
   'confirmed: Became an appointment.\n'
   'rejected: The clinic declined; the time is free again.\n'
   'expired: Nobody answered in time; the time is free again.\n'
   'withdrawn: The guest took it back; the time is free again.';

comment on constraint appointments_status_is_known on app_public.appointments is
  E'booked: Agreed on, not confirmed by the patient yet.\n'
   'upcoming: It is soon.\n'
   'confirmed: The patient said that they come.\n'
   'inprogress: The session has begun.\n'
   'done: The session is over.\n'
   'cancelled: Called off, by the patient or the clinic; the time is free again.\n'
   'noshow: The patient did not come.';

comment on constraint organization_integrations_disabled_reason_is_known on app_public.organization_integrations is
  E'credentials_refused: The vendor refused the keys several times.\n'
   'by_staff: Somebody of the clinic switched it off.';

comment on constraint organization_integrations_status_is_known on app_public.organization_integrations is
  E'active: Serves what chose it.\n'
   'disabled: Serves nothing until it is enabled again.';

comment on constraint files_status_is_known on app_public.files is
  E'pending: Announced; its bytes are not confirmed yet.\n'
   'confirmed: Its bytes were checked: it can be read.\n'
   'rejected: Its bytes were refused; rejection says why.\n'
   'deleted: Deleted; restoreFile brings it back for some days.';

comment on constraint files_rejection_is_known on app_public.files is
  E'expired: The bytes did not come in time.\n'
   'type_mismatch: The bytes are of another type than was announced.\n'
   'second_type: The bytes can be read as a second type, too.\n'
   'malformed: The bytes cannot be read as what they are.\n'
   'truncated: The end is missing.\n'
   'heic: HEIC of a telephone: save it as JPEG.\n'
   'encrypted: Opened with a password only.\n'
   'scripts: Holds a script.\n'
   'launches: Starts another program.\n'
   'attachments: Holds other files.\n'
   'submits: Sends what is typed into it elsewhere.\n'
   'media: Plays sound or video.\n'
   'dynamic_form: A form that changes as it is filled in.\n'
   'inflates_too_far: Far larger unpacked than it is.\n'
   'too_many_pixels: Larger than any screen or printer needs.\n'
   'too_complex: More parts than can be looked at.\n'
   'size_mismatch: Another size than was announced.\n'
   'digest_mismatch: Another SHA-256 than was announced.';

comment on constraint message_topics_kind_is_known on app_public.message_topics is
  E'transactional: About ones own appointment or account; needs no consent.\n'
   'marketing: Needs a consent.';

comment on constraint messages_status_is_known on app_public.messages is
  E'queued: Not sent yet.\n'
   'sent: Handed to the vendor.\n'
   'delivered: The vendor says that it arrived.\n'
   'read: The vendor says that it was read.\n'
   'failed: Could not be sent.\n'
   'bounced: The address does not exist, or takes nothing.\n'
   'suppressed: Not sent: the address bounced or complained before, or said STOP.\n'
   'skipped: Not sent: another channel or a rule went before.';

comment on constraint invitations_kind_is_known on app_public.invitations is
  E'member: To work at the clinic.\n'
   'patient: To take over the own patient profile.';

comment on constraint invitations_status_is_known on app_public.invitations is
  E'open: Waits for an answer.\n'
   'accepted: The person joined.\n'
   'declined: The person said no.\n'
   'revoked: The clinic took it back.\n'
   'expired: Nobody answered in time.';

-- Whose words these are, the catalog does not say: a move keeps what a status was.
comment on column app_public.appointment_moves.from_status is E'@words appointments.status\nWhat it was before; null where it was made.';
comment on column app_public.appointment_moves.to_status is E'@words appointments.status\nWhat it is since.';
comment on column app_public.booking_receipt.status is E'@words booking_requests.status\nWhere the request stands.';
comment on column app_public.chart_appointment.status is E'@words appointments.status\nWhere the appointment stands.';
comment on column app_public.received_invitation.kind is E'@words invitations.kind\nAs what the person is asked to join.';
comment on column app_public.received_invitation.status is E'@words invitations.status\nWhere the invitation stands.';

-- Channels are a list of the API, too, which says what each is.
alter table app_private.channels add column if not exists description text not null default '';
comment on column app_private.channels.description is 'What the channel is, as the API describes it.';

-- A move keeps the words of appointments and no others, so that the API always knows them.
alter table app_public.appointment_moves drop constraint if exists appointment_moves_from_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.appointment_moves add constraint appointment_moves_from_status_is_known
  check (from_status in ('booked', 'upcoming', 'confirmed', 'inprogress', 'done', 'cancelled', 'noshow'));
alter table app_public.appointment_moves drop constraint if exists appointment_moves_to_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.appointment_moves add constraint appointment_moves_to_status_is_known
  check (to_status in ('booked', 'upcoming', 'confirmed', 'inprogress', 'done', 'cancelled', 'noshow'));

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/appointments/booking_by_token.sql
-- A guest looks the own request up. An unknown token and a malformed one answer alike. APT-09.

set role app_engine;

create or replace function app_public.booking_by_token(token text) returns app_public.booking_receipt
language sql stable strict security definer
set search_path = ''
begin atomic
  select app_private.booking_receipt_of(booking_requests)
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(booking_by_token.token, 'sha256');
end;

comment on function app_public.booking_by_token is E'@nullable\nThe booking request that this token belongs to; null when there is none.';
grant execute on function app_public.booking_by_token to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/booking_by_token.sql

-- source: functions/audit/audit_entries.sql
-- The audit log as the API shows it: to a clinic its own, to superadmins the platform's. FND-08.
-- The rows are under the policies of audit.entries. What may be personal is asked for by `values`, entry by entry.

create or replace view app_public.audit_entries with (security_invoker = true) as
select entries.id, entries.organization_id, entries.occurred_at, entries.actor_id, entries.impersonator_id,
       entries.session_role, entries.request_id, entries.action, entries.table_name, entries.row_key, entries.person_id,
       entries.changed
from audit.entries;

-- The key as the index has it, by time: a page reads a month, not the log.
comment on view app_public.audit_entries is
  E'@primaryKey occurred_at,id\n'
  '@foreignKey (actor_id) references app_public.humans (principal_id)|@fieldName actor|@foreignFieldName auditEntries\n'
  '@behavior -query:resource:single\n'
  'What was done at the clinic, by whom, to which row, and who read what. For members with audit.view; superadmins see the platform''s.';
comment on column app_public.audit_entries.id is E'@behavior -attribute:filterBy -attribute:orderBy\nThe key of the entry.';
comment on column app_public.audit_entries.occurred_at is 'When it was done.';
comment on column app_public.audit_entries.organization_id is E'@nullable\n@behavior -attribute:orderBy\nNull: what belongs to no clinic.';
comment on column app_public.audit_entries.actor_id is E'@nullable\n@behavior -attribute:orderBy\nWho did it; null for a visitor.';
comment on column app_public.audit_entries.impersonator_id is
  E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nWho acted in the name of the actor, if somebody did.';
comment on column app_public.audit_entries.session_role is
  E'@behavior -attribute:filterBy -attribute:orderBy\napp_authenticator for the API, app_worker for what goes by the clock.';
comment on column app_public.audit_entries.request_id is E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nAs in X-Request-Id.';
comment on column app_public.audit_entries.action is E'@behavior -attribute:orderBy\ninsert, update, delete, truncate, read or erase.';
comment on column app_public.audit_entries.table_name is E'@behavior -attribute:orderBy\nWith its schema: app_public.services.';
comment on column app_public.audit_entries.row_key is
  E'@nullable\n@behavior -attribute:orderBy\nThe id of the row; keys of several columns are joined by "/".';
comment on column app_public.audit_entries.person_id is
  E'@nullable\n@behavior -attribute:orderBy\nThe person the row is about: a patient profile, or a human.';
comment on column app_public.audit_entries.changed is
  E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nColumns that changed; of a new or deleted row those with a value. '
  'Secrets are named here and shown nowhere.';
grant select on app_public.audit_entries to app_member;
-- end of source: functions/audit/audit_entries.sql

-- source: functions/audit/audit_entries_values.sql
-- Old and new values of one entry, for whoever may read the log it is in. FND-08.
-- The platform's log holds what people of all clinics changed about themselves. Superadmins run the platform and see
-- nothing of a patient: of a table with personal data they learn that a row changed, when and by whom.

set role app_engine;

create or replace function app_public.audit_entries_values(entry app_public.audit_entries) returns app_public.audit_values
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.old, entries.new, entries.ip, entries.user_agent)::app_public.audit_values
  from audit.entries
  where entries.scope_id = coalesce((entry).organization_id, '00000000-0000-0000-0000-000000000000')
    and entries.occurred_at = (entry).occurred_at
    and entries.id = (entry).id
    and entries.key is not null
    and case
      when entries.organization_id is not null then app_hidden.has_permission(entries.organization_id, 'audit.view')
      else app_hidden.is_superadmin() and not exists (
        select from app_private.classified_columns
        join app_private.data_classes on data_classes.name = classified_columns.class
        where classified_columns.table_name = entries.table_name and data_classes.is_personal)
    end;
end;

comment on function app_public.audit_entries_values is
  E'@nullable\nValues before and after, and from where it was done. Null when they were erased, or are personal and the reader runs the platform.';
grant execute on function app_public.audit_entries_values to app_member;

reset role;
-- end of source: functions/audit/audit_entries_values.sql

-- source: functions/core/fixed_lists.sql
-- Words that stand in rows of the product and are a type of the API: what a channel, a surface, a permission can be.
-- Asked once, by the API as it starts, before anybody is anybody. What the API lists itself, such as topics, is not here:
-- a frontend reads those. FND-29.

set role app_engine;

create or replace function app_hidden.fixed_lists() returns table (table_name text, words jsonb)
language sql stable security definer
set search_path = ''
begin atomic
  select 'app_private.channels',
         (select jsonb_agg(jsonb_build_object('word', name, 'description', description) order by name) from app_private.channels)
  union all
  select 'app_private.file_surfaces',
         (select jsonb_agg(jsonb_build_object('word', key, 'description', description) order by key) from app_private.file_surfaces);
end;

comment on function app_hidden.fixed_lists is 'The words of fixed lists that are rows, with what each means, by the table that holds them.';
grant execute on function app_hidden.fixed_lists to app_authenticator;

reset role;
-- end of source: functions/core/fixed_lists.sql

-- source: functions/events/replay_webhook.sql
-- An operator lets a delivery be applied again: after a fault was mended, or to see that nothing changes. FND-25.

set role app_engine;

create or replace function app_public.replay_webhook(provider text, event_id text) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_receipt app_private.webhook_receipts;
  v_found boolean := false;
  v_replayed int := 0;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;

  -- Accounts of one vendor number their own events: where two agree, both are replayed.
  for v_receipt in
    select webhook_receipts.*
    from app_private.webhook_receipts
    where webhook_receipts.provider = replay_webhook.provider and webhook_receipts.event_id = replay_webhook.event_id
    order by webhook_receipts.id
    for update
  loop
    v_found := true;
    continue when v_receipt.raw_body is null;
    update app_private.webhook_receipts
    set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
    where webhook_receipts.id = v_receipt.id and webhook_receipts.status <> 'received';
    -- A job that has used up its attempts starts anew under the same key.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', v_receipt.id), job_key => 'webhook:' || v_receipt.id, max_attempts => 12);
    v_replayed := v_replayed + 1;
  end loop;

  if not v_found then
    perform app_hidden.refuse('NOT_FOUND', 'webhook_not_found');
  elsif v_replayed = 0 then
    perform app_hidden.refuse('GONE', 'webhook_body_purged');
  end if;
  return v_replayed;
end;
$$;

comment on function app_public.replay_webhook is
  E'@resultFieldName deliveries\n'
  'Applies a vendor''s event once more, by the vendor''s own id of it; answers how many deliveries that is. Superadmin only. '
  'GONE webhook_body_purged when its body was deleted.';
grant execute on function app_public.replay_webhook to app_member;

reset role;
-- end of source: functions/events/replay_webhook.sql

-- source: functions/notify/lift_suppression.sql
-- Somebody with the permission says that an address is good again, and why. FND-35, FND-15.
-- A clinic lifts what its own vendor reported. Where it sends through the platform's account, it may also have a dead
-- address tried again: that harms nobody, and one more bounce ends it. A complaint about the platform's mails is
-- lifted by the platform alone, whose name as a sender is at stake, and a STOP by nobody but who said it.
-- Only addresses that this clinic was kept from writing to: others are not there, so nobody finds out about them.

set role app_engine;
create or replace function app_public.lift_suppression(
  channel text,
  address text,
  reason text,
  organization_id uuid default null
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_address text;
  v_reason constant text := btrim(coalesce(lift_suppression.reason, ''));
  v_by_own_account boolean;
  v_lifted int;
begin
  if organization_id is not null then
    perform app_private.require_permission(organization_id, 'suppressions.lift');
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if v_reason !~ '[[:alnum:]]' or length(v_reason) > 500 or v_reason ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}');
  end if;

  v_address := app_private.read_way(lift_suppression.channel, lift_suppression.address, organization_id);

  if organization_id is null then
    v_lifted := app_private.lift_suppressions(null, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
  else
    if not exists (
      select from app_public.messages
      where messages.organization_id = lift_suppression.organization_id
        and messages.address = v_address
        and messages.channel = lift_suppression.channel
    ) then
      perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}');
    end if;

    v_by_own_account := exists (
      select from app_public.organization_service_providers as choice
      where choice.organization_id = lift_suppression.organization_id
        and choice.capability = lift_suppression.channel
        and choice.integration_id is not null);
    v_lifted := app_private.lift_suppressions(
      organization_id, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
    if not v_by_own_account then
      v_lifted := v_lifted + app_private.lift_suppressions(
        null, lift_suppression.channel, v_address, array['bounce'], 'permission', v_reason);
      if v_lifted = 0 and exists (
        select from app_private.suppressed_addresses as known
        where known.channel = lift_suppression.channel and known.address = v_address
      ) then
        perform app_hidden.refuse('STATE', 'complaint_to_the_platform', '{"field": "address"}');
      end if;
    end if;
    if v_lifted = 0 and exists (
      select from app_private.opt_outs
      where opt_outs.organization_id = lift_suppression.organization_id
        and opt_outs.channel = lift_suppression.channel and opt_outs.address = v_address
    ) then
      perform app_hidden.refuse('STATE', 'opted_out', '{"field": "address"}');
    end if;
  end if;
  if v_lifted = 0 then
    perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}');
  end if;
  return true;
end;
$$;

comment on function app_public.lift_suppression is
  E'@resultFieldName wasLifted\n'
  'Lets the clinic write again over a channel to an address that was reported as dead or whose owner complained; the '
  'reason is kept on record. Needs suppressions.lift. Without organizationId: what the platform''s own vendors reported, '
  'superadmin only. NOT_FOUND when nothing keeps the clinic from writing there; VALIDATION for a channel or an address '
  'that is none; STATE for a STOP, which only its owner takes back, and for a complaint to the platform.';
grant execute on function app_public.lift_suppression to app_member;
reset role;
-- end of source: functions/notify/lift_suppression.sql

-- source: functions/notify/mark_inbox_items_read.sql
-- The person has read these messages. FND-15.

set role app_engine;

create or replace function app_public.mark_inbox_items_read(inbox_item_ids uuid[]) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_mine int;
begin
  if cardinality(inbox_item_ids) not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'too_many_at_once', '{"field": "inboxItemIds", "least": 1, "most": 100}');
  end if;

  select count(*) into v_mine
  from app_public.inbox_items
  where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.id = any (inbox_item_ids);
  if v_mine < (select count(distinct id) from unnest(inbox_item_ids) as id)
     or array_position(inbox_item_ids, null) is not null then
    perform app_hidden.refuse('NOT_FOUND', 'inbox_item_not_found', '{"field": "inboxItemIds"}');
  end if;

  update app_public.inbox_items set read_at = app_hidden.now()
  where inbox_items.human_id = app_hidden.current_account_id()
    and inbox_items.id = any (inbox_item_ids)
    and inbox_items.read_at is null;

  return (
    select count(*)
    from app_public.inbox_items
    where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.read_at is null);
end;
$$;

comment on function app_public.mark_inbox_items_read is
  E'@resultFieldName unreadCount\n'
  'Marks messages of one''s own inbox as read, 100 at most, all of them or none; a message that was read stays as it '
  'was. Answers how many are unread now, at all clinics. NOT_FOUND when one of them is not the caller''s.';
grant execute on function app_public.mark_inbox_items_read to app_member;

reset role;
-- end of source: functions/notify/mark_inbox_items_read.sql

-- source: functions/notify/mark_inbox_read.sql
-- The person has read everything. FND-15.

set role app_engine;

create or replace function app_public.mark_inbox_read() returns int
language sql volatile security definer
set search_path = ''
as $$
  with read as (
    update app_public.inbox_items set read_at = app_hidden.now()
    where inbox_items.human_id = app_hidden.current_account_id()
      and inbox_items.read_at is null
      and (app_hidden.current_organization_id() is null
           or inbox_items.organization_id = app_hidden.current_organization_id())
    returning inbox_items.id
  )
  select count(*)::int from read
$$;

comment on function app_public.mark_inbox_read is
  E'@resultFieldName readCount\n'
  'Marks the whole inbox as read, or that of the clinic the request names. Answers how many were unread.';
grant execute on function app_public.mark_inbox_read to app_member;

reset role;
-- end of source: functions/notify/mark_inbox_read.sql

-- source: functions/notify/message_texts.sql
-- What a clinic's messages say now, to choose from and to edit. FND-15.

set role app_engine;
create or replace function app_public.message_texts(organization_id uuid)
returns table (
  template_key text,
  topic text,
  channel text,
  locale text,
  is_own boolean,
  title text,
  body text,
  variables text[]
)
language plpgsql stable strict security definer rows 60
set search_path = ''
as $$
begin
  perform app_private.require_permission(message_texts.organization_id, 'message_templates.manage');
  return query
  select message_types.key, message_types.topic, message_channels.channel, locales.locale,
    words.clinic_template_id is not null, words.title, words.body,
    app_private.printable_variables(message_types.variables, message_channels.channel)
  from app_private.message_types
  join app_private.message_channels on message_channels.template_key = message_types.key
  cross join (values ('ro'), ('en')) as locales (locale)
  cross join lateral app_private.words_of(
    message_texts.organization_id, message_types.key, message_channels.channel, locales.locale) as words
  order by message_types.key, message_channels.channel, locales.locale;
end;
$$;

comment on function app_public.message_texts is
  E'@nullable title\n@longestPage 500\nThe words of every message of the clinic, its own where it has some, and the names each may use. '
  'Needs message_templates.manage.';
grant execute on function app_public.message_texts to app_member;

reset role;
-- end of source: functions/notify/message_texts.sql

-- source: functions/notify/unsubscribe_from_push.sql
-- A person no longer wants to be told in this browser. FND-15.

set role app_engine;
create or replace function app_public.unsubscribe_from_push(endpoint text) returns boolean
language sql volatile strict security definer
set search_path = ''
as $$
  with ended as (
    delete from app_public.push_subscriptions
    where push_subscriptions.endpoint = unsubscribe_from_push.endpoint
      and push_subscriptions.human_id = app_private.require_own_person(null)
    returning push_subscriptions.id
  )
  select exists (select from ended)
$$;

comment on function app_public.unsubscribe_from_push is
  E'@resultFieldName wasSubscribed\n'
  'Ends the caller''s subscription with this endpoint; false when there was none.';
grant execute on function app_public.unsubscribe_from_push to app_member;

reset role;
-- end of source: functions/notify/unsubscribe_from_push.sql

-- source: functions/organizations/clinic_by_slug.sql
-- The booking page's first query: a clinic with its services and bookable calendars, in one statement. Guests meet
-- catalog rows here and nowhere else. FND-01, SPC-05, APT-05.

set role app_engine;

create or replace function app_public.clinic_by_slug(slug text) returns app_public.public_clinic
language sql stable strict security definer
set search_path = ''
begin atomic
  select row(
    organizations.id, organizations.slug, organizations.name, organizations.locale, organizations.timezone,
    organizations.currency, organizations.contact_email, organizations.contact_phone, organizations.street, organizations.city,
    (select coalesce(array_agg(row(
       services.id, services.name, services.description, services.translations, services.duration_minutes,
       services.price_amount, services.currency, services.modality
     )::app_public.public_service order by services.name), '{}')
     from app_public.services
     where services.organization_id = organizations.id and services.is_active and services.deleted_at is null),
    (select coalesce(array_agg(row(
       calendars.id, calendars.service_id, calendars.name, calendars.translations, calendars.timezone, calendars.modality,
       calendars.assignment_strategy, calendars.allows_any_specialist,
       coalesce(calendars.duration_minutes, services.duration_minutes),
       coalesce(calendars.price_amount, services.price_amount), services.currency,
       app_private.public_specialists(calendars.organization_id, calendars.id)
     )::app_public.public_calendar order by calendars.name), '{}')
     from app_public.calendars
     join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
     where calendars.organization_id = organizations.id
       and calendars.is_public and calendars.is_active and calendars.deleted_at is null
       and services.is_active and services.deleted_at is null)
  )::app_public.public_clinic
  from app_public.organizations
  where organizations.slug = clinic_by_slug.slug
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
end;

comment on function app_public.clinic_by_slug is
  E'@nullable\nAn active clinic with its services and bookable calendars; null when there is none, or only a draft.';
grant execute on function app_public.clinic_by_slug to app_anonymous, app_member;

reset role;
-- end of source: functions/organizations/clinic_by_slug.sql

-- source: functions/organizations/tg_clinic_of.sql
-- The clinic of a row that belongs to another row of a clinic, so that nobody who adds it has to say twice where it is.
-- The trigger names the table and the column that leads there. Read with the rights of whoever writes: a row that they
-- may not see is none. Who may write at the clinic is for the policies, which come after. FND-06, FND-29.

create or replace function app_private.tg_clinic_of() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.organization_id is null then
    execute format('select organization_id from %s where id = $1', tg_argv[0]::regclass)
    into new.organization_id using (to_jsonb(new) ->> tg_argv[1])::uuid;
    if new.organization_id is null then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_clinic_of is
  'Fills organization_id from the row that a column names, where it is not given. Trigger _010_clinic.';
-- end of source: functions/organizations/tg_clinic_of.sql

-- source: functions/patients/caregivers_evidence.sql
-- The evidence of a caregiver link, for those whom it concerns: the person, the caregiver, the clinic that saw it. FND-07.

set role app_engine;

create or replace function app_public.caregivers_evidence(caregiver app_public.caregivers) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select caregiver_evidence.evidence
  from app_private.caregiver_evidence
  join app_public.caregivers on caregivers.id = caregiver_evidence.caregiver_id
  where caregiver_evidence.caregiver_id = (caregiver).id
    and (caregivers.human_id = app_hidden.current_account_id()
         or caregivers.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
         or caregiver_evidence.organization_id = any (app_hidden.organization_ids_where('patients.view')));
end;

comment on function app_public.caregivers_evidence is
  E'@nullable\nWhat was shown for the link; null at a clinic that did not see it.';
grant execute on function app_public.caregivers_evidence to app_member;

reset role;
-- end of source: functions/patients/caregivers_evidence.sql

-- source: functions/providers/remove_integration.sql
-- Takes an account out, with its keys. What a capability still uses stays: choose something else for it first. FND-23.

set role app_engine;

create or replace function app_public.remove_integration(integration_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
  v_capabilities jsonb;
begin
  select jsonb_agg(chosen.capability order by chosen.capability) into v_capabilities
  from app_public.organization_service_providers as chosen
  where chosen.organization_id = v_integration.organization_id and chosen.integration_id = v_integration.id;
  if v_capabilities is not null then
    perform app_hidden.refuse('CONFLICT', 'integration_in_use', jsonb_build_object('capabilities', v_capabilities));
  end if;
  delete from app_public.organization_integrations where organization_integrations.id = v_integration.id;
  perform app_private.publish('integration.removed', v_integration.organization_id, v_integration.id);
  return v_integration.id;
end;
$$;

comment on function app_public.remove_integration is
  E'@resultFieldName integrationId\n'
  'Deletes an integration and its keys. CONFLICT while a capability uses it. Needs integrations.manage.';
grant execute on function app_public.remove_integration to app_member;

reset role;
-- end of source: functions/providers/remove_integration.sql

-- source: functions/providers/use_platform_provider.sql
-- Back to what the platform provides. FND-22.

set role app_engine;

create or replace function app_public.use_platform_provider(organization_id uuid, capability text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);
  delete from app_public.organization_service_providers as choice
  where choice.organization_id = use_platform_provider.organization_id
    and choice.capability = use_platform_provider.capability;
  return found;
end;
$$;

comment on function app_public.use_platform_provider is
  E'@resultFieldName wasChosen\n'
  'Takes the clinic''s choice back: the platform''s default serves. True when there was one. Needs integrations.manage.';
grant execute on function app_public.use_platform_provider to app_member;

reset role;
-- end of source: functions/providers/use_platform_provider.sql

-- source: policies/catalog/service_specialists.sql
-- Who can provide what: staff and patients of the clinic. CAT-02, SPC-05.

select app_private.classify('app_public.service_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_id", "specialist_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_specialists', engine => 'select');

grant select on app_public.service_specialists to app_member;
grant insert (organization_id, service_id, specialist_id), delete on app_public.service_specialists to app_member;

create policy service_specialists_select_staff on app_public.service_specialists for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy service_specialists_select_patient on app_public.service_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and service_id in (select services.id from app_public.services)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy service_specialists_insert_manager on app_public.service_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

create policy service_specialists_delete_manager on app_public.service_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_specialists
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
-- end of source: policies/catalog/service_specialists.sql

-- source: policies/catalog/specialist_specialties.sql
-- Part of the listing: staff and patients of the clinic. SPC-03, SPC-05.

select app_private.classify('app_public.specialist_specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "specialist_id", "specialty_id", "specialty_scope_id"],
    "operational": ["created_at"]}');
select app_private.protect('app_public.specialist_specialties', engine => 'select');

grant select (organization_id, specialist_id, specialty_id, created_at) on app_public.specialist_specialties to app_member;
grant insert (organization_id, specialist_id, specialty_id), delete on app_public.specialist_specialties to app_member;

create policy specialist_specialties_select_staff on app_public.specialist_specialties for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy specialist_specialties_select_patient on app_public.specialist_specialties for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy specialist_specialties_insert_manager on app_public.specialist_specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

create policy specialist_specialties_delete_manager on app_public.specialist_specialties for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

create or replace trigger _150_scope before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_specialist_specialties__scope();

create or replace trigger _010_clinic before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/catalog/specialist_specialties.sql

-- source: policies/notify/channels.sql
-- Read by the rules that choose a channel; changed by migrations only. FND-15.

select app_private.classify('app_private.channels', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "reaches", "quiet_from", "quiet_until", "per_person_and_day", "description"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.channels', engine => 'select');
-- end of source: policies/notify/channels.sql

-- source: policies/scheduling/calendar_hours.sql
-- Staff see a calendar's own hours, calendars.manage edits them. SCH-02, SCH-03.

select app_private.classify('app_public.calendar_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "calendar_id", "specialist_id", "weekday", "starts", "ends",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_hours', engine => 'select');

grant select, delete on app_public.calendar_hours to app_member;
grant insert (organization_id, calendar_id, specialist_id, weekday, starts, ends),
      update (specialist_id, weekday, starts, ends)
   on app_public.calendar_hours to app_member;

create policy calendar_hours_select_staff on app_public.calendar_hours for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy calendar_hours_insert_manager on app_public.calendar_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_hours_update_manager on app_public.calendar_hours for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_hours_delete_manager on app_public.calendar_hours for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendar_hours
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
-- end of source: policies/scheduling/calendar_hours.sql

-- source: policies/scheduling/calendar_specialists.sql
-- Who can be booked in a calendar: staff and patients of the clinic see it, calendars.manage edits it. SCH-03, SPC-05.

select app_private.classify('app_public.calendar_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "priority", "duration_minutes",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_specialists', engine => 'select');

grant select, delete on app_public.calendar_specialists to app_member;
grant insert (organization_id, calendar_id, specialist_id, priority, duration_minutes),
      update (priority, duration_minutes)
   on app_public.calendar_specialists to app_member;

create policy calendar_specialists_select_staff on app_public.calendar_specialists for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy calendar_specialists_select_patient on app_public.calendar_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and calendar_id in (select calendars.id from app_public.calendars)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy calendar_specialists_insert_manager on app_public.calendar_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_specialists_update_manager on app_public.calendar_specialists for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_specialists_delete_manager on app_public.calendar_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create or replace trigger _500_take_turns after insert on app_public.calendar_specialists
  for each row execute function app_private.tg_calendar_specialists__take_turns();

create or replace trigger _010_clinic before insert on app_public.calendar_specialists
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
-- end of source: policies/scheduling/calendar_specialists.sql

-- source: policies/scheduling/calendars.sql
-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.

select app_private.classify('app_public.calendars', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "service_id", "name", "translations", "timezone", "modality",
               "duration_minutes", "price_amount"],
    "operational": ["assignment_strategy", "allows_any_specialist", "step_minutes", "buffer_before_minutes",
                    "buffer_after_minutes", "notice_minutes", "horizon_days", "is_public", "is_active",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.calendars', 'calendars.manage', 'r.name', follows => 'app_public.services');
select app_private.protect('app_public.calendars', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.calendars to app_member;
grant insert (organization_id, service_id, name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active),
      update (name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active)
   on app_public.calendars to app_member;

create policy calendars_select_staff on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

create policy calendars_select_patient on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
         and is_public and is_active and deleted_at is null);

create policy calendars_insert_manager on app_public.calendars for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendars_update_manager on app_public.calendars for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendars
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
-- end of source: policies/scheduling/calendars.sql

-- source: policies/scheduling/specialist_schedule_overrides.sql
-- Staff see everybody's vacations and other hours; schedules.manage edits them, a specialist edits their own.
-- Visitors meet them only as free times. SCH-01.

-- A note may say why somebody is away: "concediu medical" is about health.
select app_private.classify('app_public.specialist_schedule_overrides', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "kind", "starts_on", "ends_on", "starts",
                    "ends", "created_at", "updated_at"],
    "phi": ["note"]}');
select app_private.protect('app_public.specialist_schedule_overrides', engine => 'select');

grant select, delete on app_public.specialist_schedule_overrides to app_member;
grant insert (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note),
      update (kind, starts_on, ends_on, starts, ends, note)
   on app_public.specialist_schedule_overrides to app_member;

create policy specialist_schedule_overrides_select_staff on app_public.specialist_schedule_overrides
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy specialist_schedule_overrides_insert_manager on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_insert_self on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_schedule_overrides_update_manager on app_public.specialist_schedule_overrides
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_update_self on app_public.specialist_schedule_overrides
  for update to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_schedule_overrides_delete_manager on app_public.specialist_schedule_overrides
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_delete_self on app_public.specialist_schedule_overrides
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_schedule_overrides
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/scheduling/specialist_schedule_overrides.sql

-- source: policies/scheduling/specialist_weekly_hours.sql
-- Staff see everybody's usual hours; schedules.manage edits them, a specialist edits their own. Visitors meet them
-- only as free times. SCH-01.

select app_private.classify('app_public.specialist_weekly_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "weekday", "starts", "ends", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.specialist_weekly_hours', engine => 'select');

grant select, delete on app_public.specialist_weekly_hours to app_member;
grant insert (organization_id, specialist_id, weekday, starts, ends),
      update (weekday, starts, ends)
   on app_public.specialist_weekly_hours to app_member;

create policy specialist_weekly_hours_select_staff on app_public.specialist_weekly_hours for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy specialist_weekly_hours_insert_manager on app_public.specialist_weekly_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_insert_self on app_public.specialist_weekly_hours for insert to app_member
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_weekly_hours_update_manager on app_public.specialist_weekly_hours for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_update_self on app_public.specialist_weekly_hours for update to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_weekly_hours_delete_manager on app_public.specialist_weekly_hours for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_delete_self on app_public.specialist_weekly_hours for delete to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_weekly_hours
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/scheduling/specialist_weekly_hours.sql

-- source: reference/notify/channels.sql
-- Ways to tell somebody something, and the quiet hours and the cap of whoever set none. FND-15.
-- reaches: what must be known of a person. Quiet hours are local times; the cap counts 24 hours.

select app_private.own_rows('app_private.channels', rows => '
  name     | reaches | quiet_from | quiet_until | per_person_and_day | description
  ---------+---------+------------+-------------+--------------------+------------------------------------------
  email    | email   |            |             |                    | A mail.
  in_app   | account |            |             |                    | An item of the inbox inside the app.
  push     | account | 21:00:00   | 08:00:00    |                    | A notice in the browser.
  sms      | phone   | 21:00:00   | 08:00:00    | 10                 | A text message.
  whatsapp | phone   | 21:00:00   | 08:00:00    |                    | A message over WhatsApp, as approved there.
');
-- end of source: reference/notify/channels.sql

select app_private.write_owned_rows();
