-- Labels of international domain names in ASCII, as DNS and mail carry them (RFC 3492). FND-34.

create or replace function app_hidden.punycode(label text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_points int[] := array(select ascii(letter) from regexp_split_to_table(label, '') as letter);
  v_basic text := regexp_replace(label, '[^\u0001-\u007f]', '', 'g');
  v_handled int := length(v_basic);
  v_is_first boolean := true;
  v_answer text := case when v_basic = '' then '' else v_basic || '-' end;
  v_n int := 128;
  v_next int;
  v_delta bigint := 0;
  v_bias int := 72;
  v_point int;
  v_q bigint;
  v_k int;
  v_t int;
begin
  while v_handled < cardinality(v_points) loop
    select min(point) into v_next from unnest(v_points) as point where point >= v_n;
    v_delta := v_delta + (v_next - v_n)::bigint * (v_handled + 1);
    v_n := v_next;
    foreach v_point in array v_points loop
      if v_point < v_n then
        v_delta := v_delta + 1;
      elsif v_point = v_n then
        v_q := v_delta;
        v_k := 36;
        loop
          v_t := least(greatest(v_k - v_bias, 1), 26);
          exit when v_q < v_t;
          v_answer := v_answer || substr('abcdefghijklmnopqrstuvwxyz0123456789', (v_t + (v_q - v_t) % (36 - v_t))::int + 1, 1);
          v_q := (v_q - v_t) / (36 - v_t);
          v_k := v_k + 36;
        end loop;
        v_answer := v_answer || substr('abcdefghijklmnopqrstuvwxyz0123456789', v_q::int + 1, 1);
        -- How wide the next differences are likely to be.
        v_handled := v_handled + 1;
        v_delta := case when v_is_first then v_delta / 700 else v_delta / 2 end;
        v_delta := v_delta + v_delta / v_handled;
        v_k := 0;
        while v_delta > 455 loop
          v_delta := v_delta / 35;
          v_k := v_k + 36;
        end loop;
        v_bias := v_k + (36 * v_delta / (v_delta + 38))::int;
        v_is_first := false;
        v_delta := 0;
      end if;
    end loop;
    v_delta := v_delta + 1;
    v_n := v_n + 1;
  end loop;
  return v_answer;
end;
$$;

comment on function app_hidden.punycode is 'A label in punycode, without its xn--.';
grant execute on function app_hidden.punycode to app_member, app_engine;
