-- Whether an answer of the ledger satisfies what is asked for now: a grant of a version that still counts, not withdrawn,
-- and not a decision of an emergency that is over. The one place for this rule: the gate, lists and messages ask it.
-- FND-16, FND-17. Without settings of its own, so that the planner puts its body in place.

create or replace function app_private.consent_stands(
  consent app_public.consents,
  given app_public.consent_purpose_versions,
  asked app_public.consent_purpose_versions
) returns boolean
language sql stable parallel safe
return (consent).decision = 'granted'
  and (consent).withdrawn_at is null
  and ((consent).holds_until is null or (consent).holds_until > app_hidden.now())
  and (given).scope_id = (asked).scope_id
  and (given).number >= (asked).accepts_from;

comment on function app_private.consent_stands is 'Whether this answer, to the version given, satisfies the version asked for.';
grant execute on function app_private.consent_stands to app_engine;
