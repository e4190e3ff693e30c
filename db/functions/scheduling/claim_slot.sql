-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override.

create or replace function app_private.claim_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_draft app_private.time_claims;
begin
  if claim_slot.kind is null or claim_slot.kind not in ('request', 'appointment') then
    perform app_hidden.refuse('VALIDATION', 'claim_kind_invalid', '{"rule": "claim_kind_invalid"}');
  end if;
  v_calendar := app_private.visible_calendar(claim_slot.calendar_id);
  perform app_private.require_choice(v_calendar, claim_slot.specialist_id);
  perform app_private.lock_to_book(v_calendar, claim_slot.specialist_id);
  v_draft.kind := claim_slot.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  return app_private.place_claim(v_calendar, claim_slot.starts_at, claim_slot.specialist_id, v_draft, override);
end;
$$;

comment on function app_private.claim_slot is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot to app_engine;
