-- Stretches of time as the agenda lists them. SCH-12.

create or replace function app_private.agenda_stretches(times tstzmultirange, timezone text) returns app_public.agenda_stretch[]
language sql stable
set search_path = ''
return array(
  select (lower(during), upper(during), app_private.local_time(lower(during), agenda_stretches.timezone),
          app_private.local_time(upper(during), agenda_stretches.timezone))::app_public.agenda_stretch
  from unnest(agenda_stretches.times) as during
  order by during
);

comment on function app_private.agenda_stretches is 'The stretches, in their order, as instants and on the clocks of a zone.';
grant execute on function app_private.agenda_stretches to app_engine;
