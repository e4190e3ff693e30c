-- What a guest sees and does behind the link of a booking. APT-05, APT-09.

alter table app_public.booking_requests add column if not exists withdrawal_reason text;
comment on column app_public.booking_requests.withdrawal_reason is 'Why the guest took it back, where they said so.';
alter table app_public.booking_requests drop constraint if exists booking_requests_withdrawal_reason_is_short;
alter table app_public.booking_requests
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_withdrawal_reason_is_short check (length(withdrawal_reason) <= 500);

drop function if exists app_public.move_booking(text, timestamptz, uuid);
drop function if exists app_public.cancel_booking(text, text);
drop function if exists app_public.booking_by_token(text);
drop function if exists app_private.guest_booking_of(app_public.booking_requests);
drop type if exists app_public.guest_booking;
drop type if exists app_public.guest_booking_appointment;
drop type if exists app_public.guest_booking_clinic;

create type app_public.guest_booking_appointment as (
  status text,
  starts_at timestamptz,
  ends_at timestamptz,
  specialist_name text,
  modality text,
  is_late_cancellation boolean,
  cancellation_reason text
);
comment on type app_public.guest_booking_appointment is 'The appointment that a booking request became, as the guest may know it.';
comment on column app_public.guest_booking_appointment.status is E'@words appointments.status\nWhere the appointment stands.';
comment on column app_public.guest_booking_appointment.modality is E'@words appointments.modality\nHow patient and specialist meet.';
comment on column app_public.guest_booking_appointment.is_late_cancellation is
  E'@nullable\nWhether it was called off later than the policy asks; null where it was not called off.';
comment on column app_public.guest_booking_appointment.cancellation_reason is
  E'@nullable\nWhy it was called off, where it was and somebody said why.';

create type app_public.guest_booking_clinic as (slug text, name text, phone text, email text, locale text);
comment on type app_public.guest_booking_clinic is 'The clinic of a booking, and how to reach it.';
comment on column app_public.guest_booking_clinic.phone is E'@nullable\nThe number to call; null where the clinic has named none.';
comment on column app_public.guest_booking_clinic.email is E'@nullable\nThe address of mail; null where the clinic has named none.';
comment on column app_public.guest_booking_clinic.locale is E'@words organizations.locale\nThe language of the clinic.';

create type app_public.guest_booking as (
  booking_request_id uuid,
  status text,
  appointment app_public.guest_booking_appointment,
  calendar_id uuid,
  specialist_id uuid,
  service_name text,
  specialist_name text,
  modality text,
  starts_at timestamptz,
  ends_at timestamptz,
  timezone text,
  locale text,
  clinic app_public.guest_booking_clinic,
  may_cancel boolean,
  may_move boolean,
  cancel_freely_until timestamptz,
  move_until timestamptz,
  respond_by timestamptz,
  rejection_reason text
);
comment on type app_public.guest_booking is
  'What a guest sees of the own booking behind its link: the request, the appointment that it became, and what may be done.';
comment on column app_public.guest_booking.status is E'@words booking_requests.status\nWhere the request stands.';
comment on column app_public.guest_booking.appointment is E'@nullable\nThe appointment, once the clinic has confirmed; null before.';
comment on column app_public.guest_booking.specialist_id is
  E'@nullable\nThe specialist, where the visitor picks one; null where the clinic assigns.';
comment on column app_public.guest_booking.modality is E'@words appointments.modality\nHow patient and specialist meet.';
comment on column app_public.guest_booking.starts_at is 'When it begins, as it stands now.';
comment on column app_public.guest_booking.ends_at is 'When it ends, as it stands now.';
comment on column app_public.guest_booking.locale is E'@words organizations.locale\nThe language that the guest booked in.';
comment on column app_public.guest_booking.clinic is 'The clinic, and how to reach it.';
comment on column app_public.guest_booking.may_cancel is 'Whether cancelBooking goes now: withdraws the request, or calls the appointment off.';
comment on column app_public.guest_booking.may_move is 'Whether moveBooking goes now.';
comment on column app_public.guest_booking.cancel_freely_until is
  E'@nullable\nUntil when an appointment is called off without being late; null for what is no appointment, or over.';
comment on column app_public.guest_booking.move_until is
  E'@nullable\nUntil when an appointment can be moved; null for what is no appointment, or over.';
comment on column app_public.guest_booking.respond_by is
  E'@nullable\nUntil when the clinic answers; null when it has answered, or promises nothing.';
comment on column app_public.guest_booking.rejection_reason is E'@nullable\nWhy the clinic declined, where it did and said why.';

comment on column app_public.booking_receipt.token is
  E'@nullable\nWhat opens the request again: bookingByToken, moveBooking, cancelBooking. Shown once, by requestBooking; null afterwards.';

