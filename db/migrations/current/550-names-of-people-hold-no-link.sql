-- What an invitation calls somebody is read like every name of a person, by the trigger _050_read_facts.
-- retired: functions/appointments/require_no_link.sql
alter table app_public.invitations drop constraint if exists invitations_name_holds_no_link;
