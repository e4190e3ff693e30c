-- The held time becomes a request or an appointment, the requested time an appointment: the same claim, so nobody can
-- slip in between. Whoever had it from the waitlist waits no more. SCH-06, SCH-10, APT-09.

create or replace function app_private.convert_claim(claim_id uuid, kind text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set kind = convert_claim.kind, expires_at = null
  where tc.id = convert_claim.claim_id
    and tc.released_at is null
    and (tc.kind, convert_claim.kind) in (('hold', 'request'), ('hold', 'appointment'), ('request', 'appointment'))
  returning * into v_claim;

  if not found then
    perform app_hidden.refuse('STATE', 'claim_not_convertible', jsonb_build_object('kind', convert_claim.kind));
  end if;
  if v_claim.session_id is not null then
    perform app_private.settle_sessions(array[v_claim.session_id]);
  end if;
  perform app_private.record_offer_taken(v_claim.organization_id, v_claim.id);
  return v_claim;
end;
$$;

comment on function app_private.convert_claim is
  'Turns a hold into a request or an appointment, a request into an appointment. It no longer expires. '
  'The caller has the claim from take_hold, which has checked that a hold is alive.';

grant execute on function app_private.convert_claim to app_engine;
