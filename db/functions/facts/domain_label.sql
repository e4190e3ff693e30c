-- A label of a domain as DNS asks for it: international letters become punycode. Every label we return is the one that
-- browsers and mail servers make of it (UTS 46); where they guess, we refuse. Compatibility forms, signs and letters
-- whose fold is an ASCII letter are somebody else's look-alike, and scripts that run from right to left or write with
-- marks have rules about neighbours that are not written here. FND-34.

create or replace function app_hidden.domain_label(label text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_label text := app_hidden.ascii_lower(label);
begin
  if v_label ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' and v_label not like 'xn--%' then
    return v_label;
  elsif v_label ~ '^xn--[a-z0-9-]+$' then
    label := app_hidden.from_punycode(substr(v_label, 5));
    -- Only what we would have written ourselves, so that one domain is one text.
    return case when label ~ '[^\u0001-\u007f]' and app_hidden.domain_label(label) = v_label then v_label end;
  end if;

  v_label := normalize(v_label, nfc);
  if v_label <> normalize(v_label, nfkc)
     -- Kelvin, long s and dotted I fold to k, s and i; a Greek iota below becomes a letter beside.
     or label ~ '[\u0130\u017f\u212a]' or normalize(v_label, nfd) ~ '\u0345'
     -- Latin, Greek, Cyrillic, Armenian, Georgian, kana, Chinese, Hangul.
     or v_label !~ ('^[a-z0-9\u00c0-\u02af\u0370-\u052f\u0531-\u058f\u10a0-\u10ff\u1c90-\u1cbf\u1e00-\u1fff\u2c60-\u2c7f\u2d00-\u2d2f'
                    '\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3-]+$') then
    return null;
  end if;
  -- The final sigma is a letter of its own in domains.
  v_label := normalize(translate(casefold(translate(v_label, 'ς', U&'\E000') collate pg_catalog.pg_c_utf8), U&'\E000', 'ς'), nfc);
  if v_label !~ ('^[[:alnum:]-]+$' collate pg_catalog.pg_unicode_fast) or v_label ~ '^-|-$|^..--' then
    return null;
  end if;
  return 'xn--' || app_hidden.punycode(v_label);
end;
$$;

comment on function app_hidden.domain_label is
  'One label of a domain in ASCII and lower case; null where it cannot be one. Its length is not looked at.';
grant execute on function app_hidden.domain_label to app_member, app_engine;
