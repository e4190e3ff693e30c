-- Listings take the token of a booking that is to be moved. APT-05, BIL-05, docs/decisions/0201.
drop function if exists app_public.available_slots(uuid, timestamptz, timestamptz, uuid, text);
drop function if exists app_public.available_days(uuid, date, date, uuid, text);
drop function if exists app_public.next_available(uuid, int, uuid);
drop function if exists app_private.require_listed(uuid);
