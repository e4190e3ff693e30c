-- When a day begins at the clinic that changes something by itself. SEG-03.

create or replace function app_private.rule_turn(today date, zone text, days date[]) returns timestamptz
language sql stable
set search_path = ''
return (select min(day) from unnest(rule_turn.days) as day where day > rule_turn.today)::timestamp at time zone rule_turn.zone;

comment on function app_private.rule_turn is 'The beginning of the first of these days that is still to come; null where none is.';
grant execute on function app_private.rule_turn to app_engine;

create or replace function app_private.rule_zone(organization_id uuid) returns text
language sql stable
set search_path = ''
return (select organizations.timezone from app_public.organizations where organizations.id = rule_zone.organization_id);

comment on function app_private.rule_zone is 'On whose clock the days of rules are: the clinic''s.';
grant execute on function app_private.rule_zone to app_engine;

create or replace function app_private.rule_today(organization_id uuid) returns date
language sql stable
set search_path = ''
return (app_hidden.now() at time zone app_private.rule_zone(rule_today.organization_id))::date;

comment on function app_private.rule_today is 'The day at the clinic.';
grant execute on function app_private.rule_today to app_engine;
