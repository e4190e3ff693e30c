-- The gate for what an account consents to at the platform, as hold_consents() for patients: the answers that stand are locked for share, so a
-- withdrawal stamps them after us. FND-17, TEL-06.

create or replace function app_private.hold_account_consent(human_id uuid, purpose text) returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.consents
  join app_public.consent_purpose_versions as given
    on given.scope_id = consents.version_scope_id and given.id = consents.purpose_version_id
  -- "offset 0" keeps the planner from asking once for each column that is read.
  cross join lateral (
    select app_private.current_consent_version(null, consents.purpose_code) as version offset 0
  ) as asked
  where consents.human_id = hold_account_consent.human_id
    and consents.purpose_code = hold_account_consent.purpose
    and consents.decision = 'granted'
    and consents.withdrawn_at is null
    and app_private.consent_stands(consents, given, asked.version)
  order by consents.id
  for share of consents;
  return found;
end;
$$;

comment on function app_private.hold_account_consent is
  'Whether an account''s consent to this purpose of the platform stands; locks it until the transaction ends.';
grant execute on function app_private.hold_account_consent to app_engine;
