-- The one place that decides whether a person may be written to at all. FND-15, FND-16.
-- About one's own appointment or account no consent is needed. Marketing needs one for the channel, and as long as
-- there is no ledger of consents nobody has given any.

create or replace function app_private.may_contact(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  channel text,
  kind text
) returns boolean
language sql stable parallel safe
set search_path = ''
return may_contact.kind = 'transactional';

comment on function app_private.may_contact is
  'Whether the clinic may tell this person something of this kind over this channel. Marketing: not without a consent.';
grant execute on function app_private.may_contact to app_engine;
