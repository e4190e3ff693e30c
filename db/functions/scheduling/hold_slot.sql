-- A visitor keeps a time while filling the form. SCH-06, APT-05.

set role app_engine;

create or replace function app_public.hold_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('hold_slot', jsonb_build_array(calendar_id, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_organization app_public.organizations;
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_token text;
begin
  if v_remembered is not null then
    perform app_private.visible_calendar(hold_slot.calendar_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(hold_slot.calendar_id);
  perform app_private.require_not_suspended(v_calendar.organization_id);
  perform app_private.require_choice(v_calendar, hold_slot.specialist_id);
  select o.* into strict v_organization
  from app_public.organizations as o
  where o.id = v_calendar.organization_id;

  v_draft := app_private.caller_as_holder();
  v_draft.kind := 'hold';
  v_draft.expires_at := app_hidden.now() + make_interval(mins => v_organization.hold_minutes);
  v_token := encode(extensions.gen_random_bytes(16), 'hex');
  v_draft.token_hash := sha256(convert_to(v_token, 'UTF8'));

  -- Whoever asks for the own time again has it longer, and not another one beside it.
  v_claim := app_private.own_hold(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft.visitor_id);
  if v_claim.id is not null then
    v_claim := app_private.prolong_hold(v_claim, v_draft.token_hash);
  else
    if not app_private.is_staff_of(v_calendar.organization_id) then
      perform app_private.require_hold_allowance(v_organization, v_draft.visitor_id, v_draft.address);
    end if;
    v_claim := app_private.place_claim(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft);
    perform app_private.publish_held(v_claim);
  end if;

  v_hold := (v_token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('hold_slot', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.hold_slot is
  'Keeps a listed time for a few minutes and answers with the token that extends, releases or books it. SLOT_TAKEN '
  'when somebody was faster; VALIDATION, naming the rule, when the start is not one that availableSlots lists; '
  'RATE_LIMITED when the caller keeps too many times already. Asked again by the same caller it is the same hold, longer '
  'as extendHold makes it, under a token of its own.';

grant execute on function app_public.hold_slot to app_anonymous, app_member;

reset role;
