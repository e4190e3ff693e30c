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
