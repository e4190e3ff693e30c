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
begin
  if claim_slot.kind is null or claim_slot.kind not in ('request', 'appointment') then
    perform app_hidden.refuse('VALIDATION', 'claim_kind_invalid', '{"rule": "claim_kind_invalid"}');
  end if;
  return app_private.claim_in(
    app_private.visible_calendar(claim_slot.calendar_id), claim_slot.starts_at, claim_slot.specialist_id, claim_slot.kind,
    override);
end;
$$;

comment on function app_private.claim_slot is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot to app_engine;

-- counted is for who books this one time and nothing else: the row of the claim is written once, its turn counted with it.
-- Whoever takes several times counts them when all are taken, in one order (count_assignment).
create or replace function app_private.claim_in(
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean,
  counted boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_draft app_private.time_claims;
begin
  perform app_private.require_choice(calendar, claim_in.specialist_id);
  perform app_private.lock_to_book(calendar, claim_in.specialist_id);
  v_draft.kind := claim_in.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  v_draft.counted_at := case when counted then app_hidden.now() end;
  v_draft := app_private.place_claim(calendar, claim_in.starts_at, claim_in.specialist_id, v_draft, override);
  if counted then
    perform app_private.count_turn(v_draft);
  end if;
  return v_draft;
end;
$$;

comment on function app_private.claim_in is
  'Takes a start in a calendar that the caller may see, as claim_slot does; counted: the turn is counted with it.';

grant execute on function app_private.claim_in to app_engine;
