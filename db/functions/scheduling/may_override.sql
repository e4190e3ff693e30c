-- Rules of time are the clinic's own: front desk may set them aside for a patient who stands there, and says why. SCH-06,
-- APT-01.

create or replace function app_private.may_override(organization_id uuid, override_reason text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if override_reason is null then
    return false;
  end if;
  perform app_private.require_permission(may_override.organization_id, 'appointments.manage');
  if btrim(override_reason) = '' or length(override_reason) > 500 then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', jsonb_build_object('field', 'overrideReason'));
  end if;
  return true;
end;
$$;

comment on function app_private.may_override is
  'Whether a reason was given to set rules aside; FORBIDDEN or NOT_FOUND for whoever may not, VALIDATION for a reason that is none.';

grant execute on function app_private.may_override to app_engine;
