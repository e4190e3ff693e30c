-- A transaction that writes into several chains: what is open in one waits while another is written to. FND-09.
-- One setting for each chain with a line for each of its seals, so that as many chains as there are cost no more each; which of
-- them there are stands in audit.aside. A seal that is taken up again stays in its line, which the next time replaces.

create or replace function audit.set_aside(seal text, scope_id uuid, seconds text) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_slot text := 'audit.open_' || replace(split_part(set_aside.seal, '|', 1), '-', '');
  v_seals text[] := string_to_array(nullif(pg_catalog.current_setting(v_slot, true), ''), E'\n');
  v_last text := v_seals[cardinality(v_seals)];
begin
  if v_seals is null then
    perform pg_catalog.set_config(
      'audit.aside', concat_ws(' ', nullif(pg_catalog.current_setting('audit.aside', true), ''), v_slot), true);
  end if;
  if split_part(v_last, '|', 2) = split_part(set_aside.seal, '|', 2) then
    v_seals := trim_array(v_seals, 1);
  end if;
  perform pg_catalog.set_config(v_slot, array_to_string(v_seals || set_aside.seal, E'\n'), true);

  v_last := split_part(
    pg_catalog.current_setting('audit.open_' || replace(set_aside.scope_id::text, '-', ''), true), E'\n', -1);
  return case when split_part(v_last, '|', 5) = set_aside.seconds then v_last end;
end;
$$;

comment on function audit.set_aside is
  'Sets the open seal aside; the one that is open in this other chain, or at this other time, or null when there is none.';

grant execute on function audit.set_aside to app_engine;

create or replace function audit.take_seals(seal text) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_slots text[];
  v_seals text[];
begin
  perform audit.set_aside(take_seals.seal, null, null);
  v_slots := string_to_array(pg_catalog.current_setting('audit.aside'), ' ');
  v_seals := array(
    select held.line
    from unnest(v_slots) as slot
    cross join lateral string_to_table(pg_catalog.current_setting(slot), E'\n') with ordinality as held (line, place)
    order by slot, held.place);
  perform pg_catalog.set_config(slot, '', true) from unnest(v_slots || '{audit.aside}') as slot;
  return v_seals;
end;
$$;

comment on function audit.take_seals is
  'All that is open, the seal written to last included, in the order of the chains; from here on nothing is aside.';

grant execute on function audit.take_seals to app_engine;
