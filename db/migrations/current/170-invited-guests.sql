-- Whoever is confirmed as a guest can be invited to an account with it. APT-05.

alter table app_public.organizations add column if not exists invites_guests boolean not null default false;
comment on column app_public.organizations.invites_guests is
  'Whether a guest whose request is confirmed is invited to an account, where staff do not say otherwise.';

drop function if exists app_public.confirm_booking_request(uuid, uuid, boolean, text, boolean, uuid);

