-- Reads the rows that a file of db/reference holds: a table with a line of names, a line of dashes and a line for each
-- row, its cells between " | ":
--
--   from_state | to_state | actor
--   -----------+----------+--------
--              | booked   | patient
--
-- or, where values are long, records between lines of "=": "name: value", where an indented line continues the value
-- above, and "name:" alone in its line takes the rest of the record as it stands, line breaks included.
-- Everything is text here, and '' where nothing stands; own_rows() makes values of it.

create or replace function app_private.rows_in(notation text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_lines text[] := string_to_array(regexp_replace(regexp_replace(notation, '^[ ]*\n', ''), '\n[ ]*$', ''), E'\n');
  v_names text[];
  v_cells text[];
  v_name text;
  v_text boolean := false;
  v_row jsonb := '{}';
  v_rows jsonb := '[]';
  v_line text;
begin
  if v_lines[2] ~ '^\s*-[-+ ]*$' then
    foreach v_line in array v_lines[1:1] || v_lines[3:] loop
      continue when v_line ~ '^\s*$';
      select array_agg(btrim(cell)) into v_cells from regexp_split_to_table(' ' || v_line, '\s\|(?=\s|$)') as cell;
      if v_names is null then
        v_names := v_cells;
      elsif cardinality(v_cells) <> cardinality(v_names) then
        raise exception 'There are % columns and % cells: %', cardinality(v_names), cardinality(v_cells), btrim(v_line);
      else
        v_rows := v_rows || jsonb_build_array(jsonb_object(v_names, v_cells));
      end if;
    end loop;
    if cardinality(v_names) <> (select count(distinct name) from unnest(v_names) as name) then
      raise exception 'A column stands twice: %', btrim(v_lines[1]);
    end if;
    return v_rows;
  end if;

  foreach v_line in array array_append(v_lines, '===') loop
    if v_line ~ '^===+\s*$' then
      if v_row <> '{}' then
        v_rows := v_rows || jsonb_build_array(v_row);
      end if;
      v_row := '{}';
      v_name := null;
      v_text := false;
    elsif v_text then
      v_row := v_row || jsonb_build_object(v_name, coalesce((v_row ->> v_name) || E'\n', '') || v_line);
    elsif v_line ~ '^\s*$' then
      continue;
    elsif v_line ~ '^\s' and v_name is not null then
      v_row := v_row || jsonb_build_object(v_name, (v_row ->> v_name) || E'\n' || btrim(v_line));
    elsif v_line ~ '^[a-z_]+:' then
      v_name := split_part(v_line, ':', 1);
      if v_row ? v_name then
        raise exception 'A column stands twice in one record: %', v_line;
      end if;
      v_text := v_line ~ '^[a-z_]+:\s*$';
      v_row := v_row || jsonb_build_object(
        v_name, case when not v_text then btrim(substr(v_line, length(v_name) + 2)) end);
    else
      raise exception 'Neither "name: value" nor the continuation of one: %', v_line;
    end if;
  end loop;
  return v_rows;
end;
$$;

comment on function app_private.rows_in is
  'The rows of an aligned table or of records as a JSON array of objects of texts, for own_rows().';
