-- When a day begins at the clinic that changes something by itself. SEG-03. Written out for the planner: a function that is
-- called for each patient costs more than all the rest.

create or replace function app_private.rule_turn(days text[]) returns text
language sql immutable strict
set search_path = ''
return '(least(' || (
  select string_agg('case when ' || day || ' > {today} then ' || day || ' end', ', ') from unnest(rule_turn.days) as day
) || ')::timestamp at time zone {zone})';

comment on function app_private.rule_turn is 'As SQL: the beginning of the first of these days that is still to come; null where none is.';
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

-- A text as app_hidden.search_text() folds it. What holds nothing but letters of Romanian, digits and single spaces, which is
-- almost everything, is folded at a twentieth of the cost.
create or replace function app_private.rule_text(text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_text constant text := translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘŞȚŢăâîșşțţ', 'abcdefghijklmnopqrstuvwxyzaaissttaaisstt');
begin
  if v_text ~ '^[a-z0-9]+( [a-z0-9]+)*$' collate "C" then
    return v_text;
  end if;
  return app_hidden.search_text($1);
end;
$$;

comment on function app_private.rule_text is 'What app_hidden.search_text() says, sooner.';
grant execute on function app_private.rule_text to app_engine;
