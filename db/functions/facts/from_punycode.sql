-- What a label of an international domain name says: read to see whether it is one that we would have written. FND-34.

create or replace function app_hidden.from_punycode(code text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_letters int[] := array(
    select ascii(letter) from regexp_split_to_table(substring(code from '^(.*)-[^-]*$'), '') as letter where letter <> '');
  v_digits text := substring(code from '([^-]*)$');
  v_at int := 1;
  v_n bigint := 128;
  v_i bigint := 0;
  v_before bigint;
  v_bias int := 72;
  v_weight bigint;
  v_digit int;
  v_delta bigint;
  v_k int;
  v_t int;
begin
  if length(code) > 59 then
    return null;
  end if;
  while v_at <= length(v_digits) loop
    v_before := v_i;
    v_weight := 1;
    v_k := 36;
    loop
      v_digit := strpos('abcdefghijklmnopqrstuvwxyz0123456789', substr(v_digits, v_at, 1)) - 1;
      if v_at > length(v_digits) or v_digit < 0 or v_weight > 2147483647 then
        return null;
      end if;
      v_at := v_at + 1;
      v_i := v_i + v_digit * v_weight;
      v_t := least(greatest(v_k - v_bias, 1), 26);
      exit when v_digit < v_t;
      v_weight := v_weight * (36 - v_t);
      v_k := v_k + 36;
    end loop;
    v_delta := (v_i - v_before) / case when v_before = 0 then 700 else 2 end;
    v_delta := v_delta + v_delta / (cardinality(v_letters) + 1);
    v_k := 0;
    while v_delta > 455 loop
      v_delta := v_delta / 35;
      v_k := v_k + 36;
    end loop;
    v_bias := v_k + (36 * v_delta / (v_delta + 38))::int;
    v_n := v_n + v_i / (cardinality(v_letters) + 1);
    v_i := v_i % (cardinality(v_letters) + 1);
    if v_n > 1114111 or v_n between 55296 and 57343 then
      return null;
    end if;
    v_letters := v_letters[:v_i] || v_n::int || v_letters[v_i + 1:];
    v_i := v_i + 1;
  end loop;
  return (select string_agg(chr(letter), '' order by place) from unnest(v_letters) with ordinality as spelled (letter, place));
end;
$$;

comment on function app_hidden.from_punycode is 'The text of a label in punycode, without its xn--; null where it is none.';
grant execute on function app_hidden.from_punycode to app_member, app_engine;
