-- An email address as it is kept, compared and written to: ASCII, in lower case, its domain in punycode. It is judged
-- before it is folded, so that no look-alike turns into somebody's address on the way. FND-07, FND-34.

create or replace function app_hidden.read_email(email text, out address text, out problem text)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  -- What copying brings along stands around the address; within it, it is a mistake.
  v_email text := regexp_replace(
    email, '^[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$', '', 'g');
  v_local text := substring(v_email from '^([^@]*)@[^@]*$');
  v_domain text := substring(v_email from '@([^@]*)$');
  v_labels text[];
begin
  if email is null or v_email = '' then
    return;
  end if;
  if v_local is null or length(v_email) > 1000
     or v_local !~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+$' or v_domain ~ '[\s\u0001-\u002c\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]' then
    problem := 'not_an_address';
  elsif v_local ~ '^\.|\.$|\.\.' or v_domain ~ '^\.|\.$|\.\.' then
    problem := 'dot_misplaced';
  elsif length(v_local) > 64 then
    problem := 'local_part_too_long';
  else
    v_labels := array(
      select app_hidden.domain_label(label)
      from regexp_split_to_table(v_domain, '\.') with ordinality as part (label, place)
      order by place);
    v_domain := array_to_string(v_labels, '.');
    problem := case
      when cardinality(v_labels) < 2 then 'not_an_address'
      when array_position(v_labels, null) is not null then 'domain_not_accepted'
      -- 192.0.2.1 is no domain.
      when v_labels[cardinality(v_labels)] ~ '^[0-9]+$' then 'domain_not_accepted'
      when 63 < any (array(select length(label) from unnest(v_labels) as label)) then 'domain_label_too_long'
      when length(v_local) + 1 + length(v_domain) > 254 then 'address_too_long'
    end;
  end if;
  if problem is null then
    address := app_hidden.ascii_lower(v_local) || '@' || v_domain;
  end if;
end;
$$;

comment on function app_hidden.read_email is
  'An address as it is kept; else what is wrong: not_an_address, dot_misplaced, local_part_too_long, '
  'domain_label_too_long, address_too_long, domain_not_accepted. Nothing written is no address.';
grant execute on function app_hidden.read_email to app_member, app_engine;
