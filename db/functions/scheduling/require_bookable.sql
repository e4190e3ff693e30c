-- The predicate of the listing, asked again of a time that is kept already: between the hold and the booking, or the
-- request and its confirmation, somebody may have closed the day, switched off the calendar, or let the start pass. SCH-06,
-- APT-01, APT-09.
-- The claim keeps its length, and its notice counts from when it was made: whoever fills the form for five minutes does
-- not come too late by them. Whether it is taken is the exclusion constraint's to say, under which the claim stands, and
-- the room that it has it keeps.
-- An override needs the permission and a reason; the caller records both. It sets aside everything but another claim, a
-- past longer than an hour (a walk-in is written down when there is time), and what is removed.

create or replace function app_private.require_bookable(
  claim app_private.time_claims,
  for_the_public boolean,
  override_reason text default null
) returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_rules text[];
  v_rule text;
begin
  v_rules := array_remove(
    array[app_private.switched_off(claim.organization_id, claim.calendar_id, claim.specialist_id, for_the_public)]
    || (select array_remove(array_remove(v.rules, 'taken'), 'no_resource')
        from app_private.verdicts(
          claim.calendar_id, lower(claim.during), claim.specialist_id, claim.id,
          upper(claim.during) - lower(claim.during), claim.created_at) as v),
    null);
  if app_private.may_override(claim.organization_id, override_reason) then
    -- Asked here, because of a specialist who is switched off the verdicts say nothing.
    v_rule := case when lower(claim.during) < app_hidden.now() - interval '1 hour' then 'in_the_past' end;
  else
    v_rule := v_rules[1];
  end if;
  if v_rule is not null then
    perform app_private.refuse_rule(v_rule, claim.calendar_id, lower(claim.during));
  end if;
  return v_rules;
end;
$$;

comment on function app_private.require_bookable is
  'Asks the rules again of a claim that is kept, as the public or as staff; refuses with the first one broken. With a '
  'reason of somebody who may override: the rules that were set aside.';

grant execute on function app_private.require_bookable to app_engine;
